// Decisions, findings and files that belong to no agency.
function showOthers() {
  const shown = [];
  if (record.findings.length) shown.push(element('h3', {}, ['不属于某个单位的审核结果']), findingList(record.findings));
  if (record.unchecked.length) shown.push(element('h3', {}, ['不可核（没有{上年}的数）']), listOf(record.unchecked.map(function ([check, count]) { return [check + '：' + count + ' 个单位']; })));
  if (record.decisions.length) shown.push(element('h3', {}, ['处理决定']), listOf(record.decisions.map(function (d) { return [d.kind + '　' + d.subject + '　' + d.about + '　' + d.what + '：' + d.why + '（' + d.by + ' ' + d.on + '）']; })));
  if (record.files.length) shown.push(element('h3', {}, ['不能归属的文件']), listOf(record.files.map(function (file) { return [file.path + '：' + file.words + '　' + file.reason]; })));
  fill(byId('others-body'), shown.length ? shown : [element('p', {}, ['无。'])]);
}


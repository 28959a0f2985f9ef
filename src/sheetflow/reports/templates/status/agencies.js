// The agencies: filtered, searched, rows made as they are asked for.
const PAGE = 100;
let shownRows = PAGE;

function option(value, text) { return element('option', { value: value }, [text]); }

function showFilters() {
  STANDINGS.forEach(function (standing) { byId('by-standing').append(option(standing, wordsOf(standing))); });
  record.scopes.forEach(function (scope, index) { byId('by-scope').append(option(String(index), scope.title)); });
  new Set(record.agencies.map(function (a) { return a.kind; }).filter(Boolean)).forEach(function (kind) { byId('by-kind').append(option(kind, kind)); });
  Object.entries(record.checks).forEach(function ([code, check]) { byId('by-check').append(option(code, code + ' ' + check.title)); });
}

function isWanted(agency, index) {
  const standing = byId('by-standing').value, scope = byId('by-scope').value;
  const kind = byId('by-kind').value, check = byId('by-check').value;
  const words = byId('search').value.trim().toLowerCase();
  if (standing && agency.standing !== standing) return false;
  if (scope && !record.scopes[Number(scope)].members.includes(index)) return false;
  if (kind && agency.kind !== kind) return false;
  if (check && !agency.findings.some(function (f) { return f.code === check && f.status === 'open'; })) return false;
  return !words || textOf(agency).includes(words);
}

function textOf(agency) {
  if (!agency.text) {
    const said = agency.findings.map(function (f) { return f.code + f.about + f.sentence; });
    agency.text = [agency.code, agency.name, agency.above, agency.contact].concat(said).join(' ').toLowerCase();
  }
  return agency.text;
}

function wanted() { return record.agencies.filter(isWanted); }

function agencyRow(agency) {
  const open = agency.findings.filter(isOpen);
  const problems = open.length
    ? element('details', {}, [element('summary', {}, [openOf(open) + ' 条']), findingList(open)]) : '无';
  return element('tr', {}, [
    element('td', {}, [agency.code]),
    element('td', {}, [element('a', { href: '#agency/' + encodeURIComponent(agency.code) }, [agency.name]), agency.above ? element('span', { class: 'place' }, [agency.above]) : '']),
    element('td', {}, [agency.kind]),
    element('td', { class: 'standing ' + agency.standing }, [wordsOf(agency.standing)]),
    element('td', {}, [agency.received || '—']),
    element('td', {}, [problems]),
  ]);
}

function showAgencies() {
  const found = wanted();
  fill(byId('list').tBodies[0], found.slice(0, shownRows).map(agencyRow));
  byId('found').textContent = '共 ' + record.agencies.length + ' 个单位，符合条件 ' + found.length + ' 个。';
  byId('more').hidden = found.length <= shownRows;
}

function copyText(text) {
  byId('copied').hidden = false;
  const area = byId('copied-text');
  area.value = text;
  area.focus();
  area.select();
  document.execCommand('copy');
}

function copyMissing() {
  const names = wanted().filter(function (a) { return a.standing === 'missing'; }).map(function (a) { return a.name; });
  copyText(names.length ? '尚未报送（' + names.length + ' 个）：\n' + names.join('\n') : '没有未报的单位。');
}

function copyWrong() {
  const blocks = wanted().filter(function (a) { return a.findings.some(isAsked); }).map(function (agency) {
    return agency.name + '：\n' + agency.findings.filter(isAsked).map(findingText).join('\n');
  });
  copyText(blocks.length ? blocks.join('\n\n') : '没有需要修改的单位。');
}

function listenToFilters() {
  ['by-standing', 'by-scope', 'by-kind', 'by-check'].forEach(function (id) { byId(id).addEventListener('change', function () { shownRows = PAGE; showAgencies(); }); });
  byId('search').addEventListener('input', function () { shownRows = PAGE; showAgencies(); });
  byId('filters').addEventListener('submit', function (event) { event.preventDefault(); });
  byId('more').addEventListener('click', function () { shownRows += PAGE; showAgencies(); });
  byId('copy-missing').addEventListener('click', copyMissing);
  byId('copy-wrong').addEventListener('click', copyWrong);
  byId('copied-close').addEventListener('click', function () { byId('copied').hidden = true; });
}


// Who contributed to a figure, who reported zero, who is missing, which decisions touched it.
function sortOf(group, cell) {
  const sorted = { parts: [], zero: [], without: [], missing: [] };
  group.members.forEach(function (member) {
    const agency = record.agencies[member], tokens = figuresOf(agency);
    if (!tokens) { if (agency.standing !== 'excused') sorted.missing.push(agency); return; }
    const token = tokens[cell];
    if (!isNumber(token)) sorted.without.push([agency, MISSING[token] || '—']);
    else if (token === '0') sorted.zero.push(agency);
    else sorted.parts.push([agency, token]);
  });
  sorted.parts.sort(function (one, other) { return Number(other[1]) - Number(one[1]); });
  return sorted;
}

function decisionsOf(group, cell) {
  const cells = [cell].concat(record.cells[cell].parts.map(function (part) { return part[1]; }));
  const found = new Set(group.decisions.filter(function (d) { return cells.includes(record.decisions[d].cell); }));
  group.members.forEach(function (member) {
    const figures = record.agencies[member].figures;
    (figures ? figures.odd : []).forEach(function (odd) { if (odd.decision >= 0 && cells.includes(odd.cell)) found.add(odd.decision); });
  });
  return Array.from(found, function (index) { return record.decisions[index]; });
}

function partItem([agency, token], cell) {
  const place = placeOf(agency, cell);
  return [element('a', { href: '#agency/' + encodeURIComponent(agency.code) }, [agency.name]), '　' + token, element('span', { class: 'place' }, [place.file + '　' + place.at])];
}

function partsOf(group, cell) {
  const known = record.parts.filter(function (part) { return group.kind === 'all' || part.title === group.title; });
  const sums = known.map(function (part) { return [part, part.values.split(' ')[cell]]; });
  return sums.filter(function ([, token]) { return isNumber(token) && token !== '0'; }).sort(function (one, other) { return Number(other[1]) - Number(one[1]); });
}

function showContributions() {
  if (chosenCell < 0) return;
  const group = record.groups[chosenGroup], sorted = sortOf(group, chosenCell), cell = record.cells[chosenCell];
  const decisions = decisionsOf(group, chosenCell), before = group.before ? group.before.split(' ')[chosenCell] : '.';
  const shown = [
    element('h3', {}, [cell.words]), element('p', { class: 'hint' }, [group.title + '　' + cell.sheet + '!' + cell.address]),
    element('p', { class: 'sum' }, [groupShown(group, chosenCell)]),
    element('p', {}, ['有数 ' + group.reported.split(' ')[chosenCell] + '／应报 ' + group.expected + (record.parts.length ? '' : '，报零 ' + sorted.zero.length) + (before === '.' ? '' : '；{上年} ' + before)]),
  ];
  if (sorted.parts.length) shown.push(element('h3', {}, ['由 ' + sorted.parts.length + ' 个单位相加']), listOf(sorted.parts.map(function (part) { return partItem(part, chosenCell); })));
  const regions = partsOf(group, chosenCell);
  if (regions.length) shown.push(element('h3', {}, ['由 ' + regions.length + ' 个地区相加，各单位见其页面']), listOf(regions.map(function ([part, token]) { return [element('a', { href: part.page }, [part.title]), '　' + token]; })));
  if (decisions.length) shown.push(element('h3', {}, ['处理决定']), listOf(decisions.map(function (d) { return [d.kind + ' ' + d.subject + ' ' + d.about + ' ' + d.what + '：' + d.why]; })));
  if (sorted.without.length) shown.push(element('h3', {}, ['没有数']), listOf(sorted.without.map(function ([agency, why]) { return [agency.name + '（' + why + '）']; })));
  if (sorted.missing.length) shown.push(element('h3', {}, ['未报']), listOf(sorted.missing.map(function (agency) { return [agency.name]; })));
  if (sorted.zero.length) shown.push(element('details', {}, [element('summary', {}, ['报零的 ' + sorted.zero.length + ' 个单位']), listOf(sorted.zero.map(function (agency) { return [agency.name]; }))]));
  fill(byId('panel'), shown);
}


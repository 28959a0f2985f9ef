// Counts, and for each county or kind a bar of how its agencies stand.
const COLOURS = { accepted: '#2c8a55', queried: '#d99a1c', rejected: '#c23b36', missing: '#c3ccd6', excused: '#8fa1b5' };

function tally(members) {
  const counts = {};
  STANDINGS.forEach(function (standing) { counts[standing] = 0; });
  members.forEach(function (member) { counts[record.agencies[member].standing] += 1; });
  return counts;
}

function bar(counts, total) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', '0 0 100 10');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', STANDINGS.map(function (s) { return wordsOf(s) + counts[s]; }).join('，'));
  let left = 0;
  ['accepted', 'queried', 'rejected', 'missing', 'excused'].forEach(function (standing) {
    const width = total ? 100 * counts[standing] / total : 0;
    const part = document.createElementNS(space, 'rect');
    [['x', left], ['y', 0], ['width', width], ['height', 10], ['fill', COLOURS[standing]]].forEach(function ([key, value]) { part.setAttribute(key, value); });
    svg.append(part);
    left += width;
  });
  return svg;
}

function tallyOfParts() {
  const counts = tally([]);
  record.parts.forEach(function (part) { STANDINGS.forEach(function (standing) { counts[standing] += part.standings[standing] || 0; }); });
  return counts;
}

function progressRow(title, depth, counts) {
  const total = STANDINGS.reduce(function (sum, standing) { return sum + counts[standing]; }, 0);
  return element('div', { class: 'scope', style: 'padding-left:' + depth * 1.2 + 'em' }, [
    element('span', {}, [title]), bar(counts, total),
    element('span', { class: 'n' }, ['已报 ' + (total - counts.missing - counts.excused) + '／' + (total - counts.excused)]),
  ]);
}

function partRow(part) {
  const counts = Object.assign(tally([]), part.standings);
  return progressRow(element('a', { href: part.page }, [part.title]), 0, counts);
}

function showProgress() {
  const all = record.agencies.map(function (_, index) { return index; });
  const counts = record.parts.length ? tallyOfParts() : tally(all);
  const total = STANDINGS.reduce(function (sum, standing) { return sum + counts[standing]; }, 0);
  const open = record.agencies.reduce(function (sum, agency) { return sum + openOf(agency.findings); }, openOf(record.findings)) + record.parts.reduce(function (sum, part) { return sum + part.open; }, 0);
  const shown = [['应报', total - counts.excused], ['已报', total - counts.excused - counts.missing]]
    .concat(STANDINGS.map(function (s) { return [wordsOf(s), counts[s], COLOURS[s]]; })).concat([['未处理的问题', open]]);
  fill(byId('counts'), shown.map(function ([name, number, colour]) { return element('li', { style: colour ? 'border-left: 5px solid ' + colour : undefined }, [element('b', {}, [String(number)]), name]); }));
  const scopes = record.scopes.map(function (scope) { return progressRow(scope.title, scope.depth, tally(scope.members)); });
  const hint = element('p', { class: 'hint' }, ['单位很多，每个地区另有一页，列出各单位、各问题和各数的出处。']);
  fill(byId('scopes'), record.parts.length ? [hint].concat(record.parts.map(partRow)) : scopes);
}

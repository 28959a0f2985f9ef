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

function showProgress() {
  const all = record.agencies.map(function (_, index) { return index; });
  const counts = tally(all);
  const open = record.agencies.reduce(function (sum, agency) { return sum + agency.findings.filter(isOpen).length; }, record.findings.filter(isOpen).length);
  const shown = [['应报', all.length - counts.excused], ['已报', all.length - counts.excused - counts.missing]]
    .concat(STANDINGS.map(function (s) { return [wordsOf(s), counts[s], COLOURS[s]]; })).concat([['未处理的问题', open]]);
  fill(byId('counts'), shown.map(function ([name, number, colour]) { return element('li', { style: colour ? 'border-left: 5px solid ' + colour : undefined }, [element('b', {}, [String(number)]), name]); }));
  const rows = record.scopes.map(function (scope) {
    const counted = tally(scope.members);
    const done = scope.members.length - counted.missing - counted.excused;
    return element('div', { class: 'scope', style: 'padding-left:' + scope.depth * 1.2 + 'em' }, [
      element('span', {}, [scope.title]), bar(counted, scope.members.length),
      element('span', { class: 'n' }, ['已报 ' + done + '／' + (scope.members.length - counted.excused)]),
    ]);
  });
  fill(byId('scopes'), rows);
}


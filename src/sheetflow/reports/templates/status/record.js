// The record of the page: figures are exact text, named by the index of their cell.
const record = JSON.parse(byId('data').textContent);
const STANDINGS = ['missing', 'rejected', 'queried', 'accepted', 'excused'];
const MISSING = { b: '空', n: '不适用', t: '文字', u: '读不出' };

function wordsOf(key) { return record.words[key] || key; }

function figuresOf(agency) {
  if (!agency.figures) return null;
  if (!agency.tokens) agency.tokens = agency.figures.values.split(' ');
  return agency.tokens;
}

function isNumber(token) { return token !== '.' && !(token in MISSING); }

function placeOf(agency, cell) {
  const figures = agency.figures;
  if (!figures.spots) return { file: figures.file, at: record.cells[cell].sheet + '!' + record.cells[cell].address };
  const spot = figures.spots.split(' ')[cell];
  const dot = spot.indexOf('.');
  const [file, sheet] = figures.sheets[Number(spot.slice(0, dot))];
  return { file: file, at: sheet + '!' + spot.slice(dot + 1) };
}

function isAsked(finding) { return isOpen(finding) && record.checks[finding.code].ask; }
function isOpen(finding) { return finding.status === 'open' && finding.severity !== 'note'; }

function openOf(findings) { return findings.filter(isOpen).reduce(function (sum, finding) { return sum + finding.count; }, 0); }

function groupShown(group, cell) {
  if (group.shown[cell] !== undefined) return group.shown[cell];
  const token = group.values.split(' ')[cell];
  return token === '.' ? '—' : token;
}


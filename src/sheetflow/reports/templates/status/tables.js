// The official tables with the figures of a chosen group; each figure is a button.
let chosenGroup = 0, chosenCell = -1;
const numberOfCell = new Map(record.cells.map(function (cell, index) { return [cell.code, index]; }));

function figureCells() { return Array.from(byId('tables').querySelectorAll('td[data-cell]')); }

function makeButtons() {
  figureCells().forEach(function (cell) {
    const index = numberOfCell.get(cell.dataset.cell);
    if (index === undefined) return;
    const button = element('button', { type: 'button', 'aria-pressed': 'false', 'data-index': index }, []);
    button.addEventListener('click', function () { chosenCell = index; showFigures(); showContributions(); });
    cell.classList.add('figure');
    fill(cell, [button]);
  });
  record.groups.forEach(function (group, index) { byId('group').append(option(String(index), '　'.repeat(group.depth) + group.title)); });
  byId('group').addEventListener('change', function () { chosenGroup = Number(byId('group').value); showFigures(); showContributions(); });
}

function showFigures() {
  const group = record.groups[chosenGroup];
  figureCells().forEach(function (cell) {
    const button = cell.querySelector('button');
    if (!button) return;
    const index = Number(button.dataset.index), text = groupShown(group, index);
    button.textContent = text;
    button.setAttribute('aria-label', record.cells[index].words + '：' + text);
    button.setAttribute('aria-pressed', String(index === chosenCell));
  });
}


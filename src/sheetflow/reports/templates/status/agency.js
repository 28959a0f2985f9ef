// One agency's page: its own tables, findings, texts, and what it has sent.
function ownTables(agency) {
  const tokens = figuresOf(agency), marks = new Map(agency.marks.map(function (mark) { return [mark.cell, mark]; }));
  return Array.from(byId('tables').querySelectorAll('.sheets table')).map(function (table, number) {
    const own = table.cloneNode(true);
    own.querySelectorAll('td[data-cell]').forEach(function (cell) {
      const index = numberOfCell.get(cell.dataset.cell), token = tokens[index];
      cell.className = marks.has(index) ? 'marked ' + marks.get(index).severity : '';
      fill(cell, [isNumber(token) ? token : MISSING[token] || '—']);
    });
    own.removeAttribute('id');
    return element('div', { class: 'own wide', tabindex: '0', role: 'region', 'aria-label': '本单位的表 ' + (number + 1) }, [own]);
  });
}

function historyTable(agency) {
  const head = element('tr', {}, ['文件', '收到', '结果', '说明'].map(function (name) { return element('th', { scope: 'col' }, [name]); }));
  const rows = agency.history.map(function (file) {
    const differs = file.differs >= 0 ? '与采用的有 ' + file.differs + ' 格不同　' : '';
    return element('tr', {}, [file.path, file.received || '—', file.words, differs + file.reason].map(function (text) { return element('td', {}, [text]); }));
  });
  return element('div', { class: 'wide' }, [element('table', {}, [element('thead', {}, [head]), element('tbody', {}, rows)])]);
}

function showAgency(agency) {
  byId('agency-title').textContent = agency.name;
  const shown = [element('p', {}, [agency.code + '　' + agency.above + '　' + agency.kind + '　' + (agency.contact ? '联系人 ' + agency.contact + '　' : ''), element('b', { class: 'standing ' + agency.standing }, [wordsOf(agency.standing)])])];
  shown.push(element('h3', {}, ['审核结果']), agency.findings.length ? findingList(agency.findings) : element('p', {}, ['没有问题。']));
  shown.push(element('h3', {}, ['报送过程']), agency.history.length ? historyTable(agency) : element('p', {}, ['没有收到文件。']));
  if (agency.figures) {
    shown.push(element('h3', {}, ['填报的数']));
    shown.push(...ownTables(agency));
    agency.figures.texts.forEach(function (text) { shown.push(element('h3', {}, [text.heading]), element('p', {}, [text.text + (text.whole ? '' : '（全文见 ' + text.place + '）')])); });
  }
  fill(byId('agency-body'), shown);
}

function route() {
  const hash = location.hash.startsWith('#agency/') ? decodeURIComponent(location.hash.slice(8)) : null;
  const agency = hash === null ? null : record.agencies.find(function (each) { return each.code === hash; });
  ['progress', 'agencies', 'tables', 'others'].forEach(function (id) { byId(id).hidden = Boolean(agency) || (id === 'agencies' && record.parts.length > 0); });
  byId('agency').hidden = !agency;
  if (agency) { showAgency(agency); byId('agency-title').focus(); window.scrollTo(0, 0); }
  else if (location.hash.length > 1 && byId(location.hash.slice(1))) byId(location.hash.slice(1)).scrollIntoView();
}


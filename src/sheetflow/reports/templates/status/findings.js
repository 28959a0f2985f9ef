// Findings in plain sentences.
function findingItem(finding) {
  const check = record.checks[finding.code];
  const state = finding.status === 'open' ? wordsOf(finding.severity) : wordsOf(finding.status);
  return element('li', { class: finding.status === 'open' ? finding.severity : 'note' }, [
    element('b', {}, [state + ' ' + finding.code + '　']),
    finding.where ? finding.where + '　' : '', finding.about + '：' + finding.sentence + ' ',
    element('span', { class: 'remedy' }, [finding.status === 'open' ? check.remedy + finding.reason : finding.reason || check.remedy]),
  ]);
}

function findingList(findings) {
  return element('ul', { class: 'findings' }, findings.map(findingItem));
}

function findingText(finding) {
  return '　' + wordsOf(finding.severity) + ' ' + finding.code + ' ' + finding.where + ' ' + finding.about + '：' + finding.sentence + record.checks[finding.code].remedy;
}


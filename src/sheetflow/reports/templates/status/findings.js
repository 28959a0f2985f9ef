// Findings in plain sentences.
function foundIn(finding) {
  return (finding.agency >= 0 && finding.where ? [finding.where] : [finding.file, finding.where]).filter(Boolean).join('　');
}

function findingItem(finding) {
  const check = record.checks[finding.code];
  const place = foundIn(finding), state = finding.status === 'open' ? wordsOf(finding.severity) : wordsOf(finding.status);
  return element('li', { class: finding.status === 'open' ? finding.severity : 'note' }, [
    element('b', {}, [state + ' ' + finding.code + '　']),
    place ? place + '　' : '', finding.about + '：' + finding.sentence + ' ',
    element('span', { class: 'remedy' }, [finding.status === 'open' ? check.remedy + finding.reason : finding.reason || check.remedy]),
  ]);
}

function findingList(findings) {
  return element('ul', { class: 'findings' }, findings.map(findingItem));
}

// As it is sent to the agency: what it is asked to do, not what the office can.
function findingText(finding) {
  return '　' + wordsOf(finding.severity) + ' ' + finding.code + ' ' + foundIn(finding) + ' ' + finding.about + '：' + finding.sentence + record.checks[finding.code].ask;
}


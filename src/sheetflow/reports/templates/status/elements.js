// Elements are made here and nowhere else; texts go in as text, never as markup.
function element(name, attributes, children) {
  const made = document.createElement(name);
  Object.entries(attributes || {}).forEach(function ([key, value]) {
    if (value !== false && value !== undefined) made.setAttribute(key, value === true ? '' : value);
  });
  (children || []).forEach(function (child) { if (child !== '' && child !== null) made.append(child); });
  return made;
}

function byId(id) { return document.getElementById(id); }

function fill(target, children) { target.replaceChildren(...children); }

function listOf(items) { return element('ul', {}, items.map(function (item) { return element('li', {}, item); })); }


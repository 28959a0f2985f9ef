showProgress();
showFilters();
listenToFilters();
showAgencies();
makeButtons();
showFigures();
showOthers();
window.addEventListener('hashchange', route);
route();

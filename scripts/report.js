// Added to Snakemake's report, which shows its pictures without words: gives each the text of its labels and its caption
// as alternative text.
new MutationObserver(() => {
  for (const picture of document.images) {
    const result = results[app.state.resultPath];
    if (!result || picture.src !== result.data_uri) continue;
    const caption = new DOMParser().parseFromString(result.caption, "text/html").body.textContent;
    const words = [...Object.values(result.labels), caption].join(". ");
    picture.alt = words.replace(/\s+/g, " ").trim();
  }
}).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["src"] });

// On a phone, its menu covers what was chosen in it: there, a choice closes the menu, which starts closed. The page sets
// `app` once it is drawn, which may be after this.
const narrow = () => innerWidth < 640;
const closeMenus = () => {
  if (!app) return setTimeout(closeMenus, 10);
  const showAll = app.setView;
  app.setView = (view) => showAll(view.content && narrow() ? { ...view, hideNavbar: true } : view);
  if (narrow()) app.setView({ hideNavbar: true });
};
closeMenus();
// There, too, the first page's text goes above the graph of the rules, not next to it.
const style = document.head.appendChild(document.createElement("style"));
style.textContent = `@media (max-width: 639px) {
  #app .h-screen.overflow-auto { align-items: start; justify-content: start; }
  #app .grow.gap-3 { flex-direction: column; padding-top: 2.5rem; max-width: 100vw; }
  #rulegraph { max-width: 100%; overflow: auto; }
}`;

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

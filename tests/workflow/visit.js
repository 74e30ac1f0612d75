// Opens each of `pages` ([address, path, width]) in a frame of its own width, lets `act` do something in its window, and in
// the end leaves what it saw as JSON in the body, for Chromium's --dump-dom.
(async () => {
    // Chromium's virtual time would pass at once while it waits for a file or a picture, but for a timer that is due.
    const awake = setInterval(() => {}, 10);
    const seen = [];
    for (const [address, path, width] of pages) {
        const frame = document.createElement("iframe");
        frame.style = `width: ${width}px; height: 844px; border: 0`;
        frame.src = address;
        const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
        document.body.append(frame);
        await loaded;
        const shown = frame.contentWindow;
        for (const picture of shown.document.images) picture.loading = "eager";
        await Promise.all([...shown.document.images].map((picture) => picture.decode().catch(() => {})));
        const missing = [...shown.document.images].filter((picture) => !picture.naturalWidth).map((picture) => picture.src);
        const result = await act(shown).catch((error) => console.error(`${path}: ${error.stack}`));
        const { title, documentElement } = frame.contentDocument;
        seen.push({ path, width, title, scroll: documentElement.scrollWidth, load: missing, result });
        frame.remove();
    }
    clearInterval(awake);
    document.body.innerHTML = "";
    document.body.appendChild(document.createElement("pre")).textContent = JSON.stringify(seen);
})();

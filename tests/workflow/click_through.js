// Added to a report, this opens each of its entries by its own links and buttons, and in the end leaves what it saw as
// JSON in the body, for Chromium's --dump-dom. `errors` is filled by the hooks that stand before the report's scripts.
(async () => {
    const seen = { rows: [], captions: {}, codes: {}, pictures: {}, alternatives: {}, pages: {}, graphs: {}, searches: {} };
    const tick = () => new Promise((resolve) => setTimeout(resolve, 100));
    const until = async (condition) => {
        for (let tries = 0; tries < 50 && !condition(); tries++) await tick();
        return Boolean(condition());
    };
    const find = (selector) => [...document.querySelectorAll(selector)];
    const click = async (link, what) => {
        if (!link) throw new Error(`nothing to click for ${what}`);
        link.click();
        await tick();
    };
    const home = () => click(document.querySelector("nav nav a"), "home");
    const open = (text) => click(find("nav ul a").find((link) => link.textContent === text), text);
    const rows = () => find("nav tbody tr");
    const buttons = (row) => row.querySelectorAll("td:last-child a");
    const list = async (category, subcategory) => {
        await home();
        const there = (text) => find("nav ul a").some((link) => link.textContent === text);
        if (!there(category)) await open("Results"); // a menu of its own, unless there is but one category
        if (there(category)) await open(category);
        if (Object.keys(categories[category]).length > 1) await open(subcategory);
    };

    try {
        await until(() => find("nav ul a").length);
        await open("Statistics");
        for (const name of ["runtimes", "timeline"]) {
            seen.graphs[name] = await until(() => find(`#${name} canvas, #${name} svg`).length);
        }
        await open("Workflow");
        seen.graphs.rules = await until(() => find("#rulegraph canvas, #rulegraph svg").length);
        seen.description = find(".prose")[0].textContent;
        seen.linked = find('.prose a[href^="javascript:"]').map((link) => link.textContent);
        await click(find('.prose a[href^="javascript:"]')[0], "a category in the description");
        seen.followed = await until(() => rows().length || find("nav ul a").length > 1);
        seen.menu = (await home(), find("nav ul a").map((link) => link.textContent));

        for (const category of Object.keys(categories)) {
            for (const subcategory of Object.keys(categories[category])) {
                await list(category, subcategory);
                const count = rows().length;
                for (let place = 0; place < count; place++) {
                    await list(category, subcategory);
                    const label = rows()[place].textContent;
                    await click(buttons(rows()[place])[0], `${label}: view`);
                    const path = app.state.resultPath;
                    seen.rows.push([category, subcategory, label, path]);
                    if (results[path].mime_type === "text/html") {
                        const frame = document.querySelector("iframe");
                        const bytes = Uint8Array.from(atob(frame.src.split("base64,")[1]), (char) => char.charCodeAt(0));
                        seen.pages[path] = new TextDecoder().decode(bytes);
                    } else {
                        const shown = () => find(".grow img")[0];
                        await until(() => shown() && shown().complete);
                        seen.pictures[path] = shown().naturalWidth * shown().naturalHeight;
                        seen.alternatives[path] = shown().alt;
                    }
                    await click(buttons(rows()[place])[1], `${label}: about`);
                    seen.captions[path] = find(".prose-invert").map((part) => part.textContent).join();
                    await click(find("nav li span a").at(-1), `${label}: rule`);
                    seen.codes[path] = find("nav .source").map((part) => part.textContent).join();
                }
            }
        }
        for (const term of [...new Set(Object.keys(results).flatMap((path) => path.split(/[/.]/)))]) {
            app.setView({ navbarMode: "menu" });
            await tick();
            app.setView({ navbarMode: "searchresults", searchTerm: term });
            await tick();
            seen.searches[term] = rows().length;
        }
    } catch (error) {
        errors.push(`click_through.js: ${error.stack}`);
    }
    const resources = performance.getEntriesByType("resource").map((entry) => entry.name);
    seen.loaded = resources.filter((name) => !name.startsWith("data:"));
    seen.errors = errors;
    document.body.innerHTML = "";
    document.body.appendChild(document.createElement("pre")).textContent = JSON.stringify(seen);
})();

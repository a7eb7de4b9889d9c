// Told to every page of test_hostile_texts.py before its own scripts run: what a text did that it must not do, and timers at hand.
(() => {
  const tell = (what) => window.minosTold(what);
  document.addEventListener("securitypolicyviolation", (event) =>
    tell(`refused by the policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
  Object.defineProperty(window, "__minos_xss", { get: () => undefined, set: () => tell(`a text ran: ${new Error().stack}`) });

  // Polls come when the test wants them.
  const due = new Map();
  const [later, cancel] = [window.setTimeout, window.clearTimeout];
  const [every, end] = [window.setInterval, window.clearInterval];
  window.setInterval = (run, ms, ...given) => {
    const id = every(run, ms, ...given);
    due.set(`every ${id}`, () => run(...given));
    return id;
  };
  window.clearInterval = (id) => {
    due.delete(`every ${id}`);
    end(id);
  };
  window.setTimeout = (run, ms = 0, ...given) => {
    const once = () => {
      due.delete(`once ${id}`);
      cancel(id);
      run(...given);
    };
    const id = later(once, ms);
    due.set(`once ${id}`, once);
    return id;
  };
  window.clearTimeout = (id) => {
    due.delete(`once ${id}`);
    cancel(id);
  };

  // What is asked for and not yet here.
  const open = new Map();
  const ask = window.fetch;
  window.fetch = async (...given) => {
    const one = Symbol("request");
    open.set(one, String(given[0]?.url ?? given[0]));
    try {
      const answer = await ask(...given);
      answer.clone().text().catch(() => "").finally(() => open.delete(one));
      return answer;
    } catch (error) {
      open.delete(one);
      throw error;
    }
  };
  window.minosQuiet = async () => {
    const end = Date.now() + 15_000;
    for (let quiet = 0; quiet < 3; quiet = open.size ? 0 : quiet + 1) {
      await new Promise((done) => later(done, 5));
      if (Date.now() < end) continue;
      tell(`asked for and not answered: ${[...open.values()]}`);
      open.clear();
    }
  };
  window.minosTick = async () => {
    [...due.values()].forEach((run) => run());
    await window.minosQuiet();
  };

  // Whatever a reader can unfold.
  window.minosOpen = async () => {
    const all = (selector, visit) => document.querySelectorAll(selector).forEach(visit);
    all("details", (one) => { one.open = true; });
    all("[data-dialog-open]", (one) => {
      one.click();
      all("dialog[open]", (dialog) => dialog.close());
    });
    all(".mn-chart__menu .dropdown-item:first-child, [data-copy-text]", (one) => one.click());
    [...document.querySelectorAll("[data-live-name]")].slice(0, 2).forEach((one) => one.click());
    await window.minosQuiet();
  };

  // What nobody may have made out of a text: these elements are on no page of ours, these attributes on no element.
  window.minosStrange = () => [...document.querySelectorAll(
    "iframe, object, embed, base, marquee, portal, applet, frame, math, audio, video, bgsound, keygen, meta[http-equiv], link:not([rel]), style:not([nonce])",
  )].map((one) => one.outerHTML.slice(0, 200)).concat([...document.querySelectorAll("*")].flatMap((one) =>
    [...one.attributes].filter(({ name }) => /^(on|hx-on|srcdoc)/.test(name)).map(({ name, value }) => `${one.tagName} ${name}=${value.slice(0, 100)}`)));
})();

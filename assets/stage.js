// The live stage: has the player show the frame of each step that a native Streamlit slider passes, while it is dragged.
// Every frame comes from the server, made by torch. What it needs, player.js before all, is put in front when registered.

const RANGE = 'input[type=range]';
const reels = new Map(); // address -> promise of a film's moving parts; shared by all stages of this tab
const stages = new WeakMap();
let plotly;
let toured = ''; // where in a tour the page was seen last

function loadPlotly() {
  plotly ||= new Promise((resolve, reject) => {
    if (window.Plotly) return resolve(window.Plotly);
    const asked = document.getElementById('plotly-script'); // the page asks for it before anything else
    const script = asked.dataset.failed ? document.createElement('script') : asked;
    script.addEventListener('load', () => resolve(window.Plotly));
    script.addEventListener('error', () => { plotly = undefined; asked.dataset.failed = 'yes'; reject(new Error('plotly')); });
    if (script !== asked) { script.src = asked.src; document.head.append(script); }
  });
  return plotly;
}

function fetchReel(address) {
  if (!reels.has(address)) {
    const coming = fetch(address).then((r) => (r.ok ? r.json() : Promise.reject(new Error(`${r.status}`)))).then(unpack);
    coming.catch(() => reels.delete(address));
    reels.set(address, coming);
    while (reels.size > 16) reels.delete(reels.keys().next().value);
  }
  return reels.get(address);
}

class Stage extends Player {
  constructor(root) {
    super(root);
    this.grips = new Grips(this);
    this.away = new Away(this);
    this.film = null;
    this.moving = ''; // the slider whose thumb has left what the server drew
    this.hand = null; // a drag in the figure, until the server has drawn where it ended
  }

  // ---- settled: the server's figure --------------------------------------------------------------------------------
  async settle(data) {
    this.data = data;
    if (!this.hand?.held) this.hand = null;
    if (!this.ahead()) this.moving = '';
    this.root.dataset.settled = '';
    this.plot.setAttribute('aria-label', data.frame.alt);
    if (this.reading.dataset.html !== data.reading) {
      this.reading.innerHTML = data.reading;
      this.reading.dataset.html = data.reading;
      this.reach();
    }
    this.figure = JSON.parse(data.frame.figure);
    this.drawn = data.swept;
    this.look = null;
    this.grips.set(data.handles);
    const ahead = this.ahead();
    if (ahead?.film) { this.dress(ahead.key, ahead.film); this.recite(ahead.film, ahead.step); }
    else for (const [name, [value, text]] of Object.entries(data.frame.slots)) this.fill(name, value, text);
    if (!this.plot._fullLayout) this.plot.style.height = `${this.height()}px`; // its room, before Plotly has come
    try {
      this.Plotly = await loadPlotly();
    } catch {
      return this.calm('The figure could not be drawn: the server does not answer. Your settings are in the link.');
    }
    if (data !== this.data) return; // a newer one came meanwhile
    const fresh = !this.plot._fullLayout;
    await this.draw();
    // Plotly's margins find their size on the second drawing, a pixel beside the first: not on the first release.
    if (fresh) setTimeout(() => { if (this.root.isConnected) this.draw(); }, 200);
    if (data !== this.data) return;
    const late = this.ahead(), moved = late?.film && !late.hand; // the figure stands where the thumb is by now
    clearTimeout(this.hush); // what is still to be said is of an older figure
    this.say(moved ? late.film.speech[late.step] : data.frame.speech);
    this.root.dataset.step = moved ? `${late.key}=${late.step}` : `${data.swept}=${data.step}`;
    this.root.dataset.settled = data.number;
    this.calm('');
    this.away.offer();
    if (late?.hand) this.stand(late);
    else if (late) this.show(late.key, late.step);
    else this.intend(data.swept);
  }

  reach() { // a formula or table is a stop of the keyboard where a part of it has to be scrolled to
    for (const box of this.reading.querySelectorAll('[tabindex]')) box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1;
  }

  settings() { // as texts, without what stands at its default; those under the hand where something is dragged
    const all = { ...this.data.settings, ...this.hand?.values };
    return Object.fromEntries(Object.entries(all).filter(([key, text]) => text !== this.data.defaults[key]));
  }

  ahead() { // the step of a thumb that has moved on from what the server drew, and its film if that is at hand
    const { sliders } = this.data;
    if (this.hand) return this.hand.shown;
    const key = this.moving, input = document.querySelector(`.st-key-${key} ${RANGE}`);
    if (key in sliders && input && stepOf(input) !== this.home(key))
      return { key, step: stepOf(input), input, film: this.holds(key) && this.film.film };
    return null;
  }

  home(key) { return this.data.sliders[key].indexOf(this.data.settings[key] ?? this.data.defaults[key]); } // as it was drawn

  follow(key, step) { // a thumb stands here; one that Streamlit set to where something was dropped says nothing new
    if (step === this.home(key) && this.moving !== key) return;
    if (this.hand?.values[key] === this.data.sliders[key][step]) return;
    this.moving = key;
    this.show(key, step);
  }

  values(trace, name) { // the numbers of a trace as they are drawn now
    const { data, _fullData: full } = this.plot;
    return plain(data[trace][name]) ?? full[trace][name];
  }

  // ---- live: the frame of the step under the thumb -----------------------------------------------------------------
  address(key, kind = 'frames') {
    const every = kind === 'frames' || kind === 'numbers'; // of all its steps, wherever its thumb is
    const rest = Object.entries(this.settings()).filter(([name]) => !every || name !== key).sort();
    const query = rest.map(([name, text]) => `&${encodeURIComponent(name)}=${encodeURIComponent(text)}`).join('');
    return `${kind}/${this.data.view}?_made=${this.data.made}&_sweep=${key}${query}`;
  }

  async intend(key) { // this slider is about to move: have its frames at hand
    if (!this.data || !(key in this.data.sliders)) return;
    const address = this.address(key);
    try {
      const film = await fetchReel(address);
      if (address !== this.address(key)) return;
      this.film = { key, address, film };
      this.root.dataset.ready = key;
      this.calm('');
      if (this.waiting?.key === key) this.show(key, this.waiting.step);
    } catch {
      this.calm('The figure cannot follow just now: the server does not answer. Your settings are in the link.');
    }
  }

  holds(key) { return this.film?.key === key && this.film.address === this.address(key); }

  show(key, step) {
    if (!this.data || !(key in this.data.sliders)) return;
    if (!this.holds(key)) {
      this.waiting = { key, step };
      this.intend(key);
      return;
    }
    this.waiting = null;
    this.wanted = { key, step, film: this.film.film };
    if (!this.busy) this.paint();
  }

  again() { if (this.wanted.hand) this.paint(); else this.show(this.wanted.key, this.wanted.step); }

  newest(wanted) { return this.wanted === wanted && (wanted.hand || this.film.film === wanted.film); }

  placed() { this.grips.place(); }

  // ---- in hand: the frame of a place that one slider alone does not reach ------------------------------------------
  haul(values) { // something is dragged to here; at most one frame is on its way, and the newest place is the next
    if (this.hand && JSON.stringify(values) === JSON.stringify(this.hand.values)) return;
    if (!this.hand?.held) this.hand = { shown: null };
    Object.assign(this.hand, { held: true, values });
    if (!this.flying) this.fetchFrame();
  }

  async fetchFrame() {
    const { hand, data } = this, { values } = hand, key = data.swept, address = this.address(key, 'frame');
    this.flying = true;
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(`${answer.status}`);
      const film = unpack(await answer.json());
      this.flying = false;
      if (this.hand !== hand) return this.hand && this.hand.values !== this.hand.shown?.values && this.fetchFrame();
      if (hand.values !== values) this.fetchFrame();
      film.look = JSON.stringify(film.still.layout);
      this.calm('');
      this.stand({ key, step: 0, film, values, hand: true });
    } catch {
      this.flying = false;
      this.calm('The figure cannot follow just now: the server does not answer.');
    }
  }

  stand(wanted) {
    this.hand.shown = this.wanted = wanted;
    if (!this.busy) this.paint();
  }

  drop() { // let go: the sliders take the values, and the server draws the figure for good
    if (!this.hand?.held) return;
    this.hand.held = false;
    this.moving = '';
    this.send('dropped', this.hand.values);
  }
}

function sliderOf(target) {
  const box = target.closest?.('[class*="st-key-"]');
  const key = box && [...box.classList].find((name) => name.startsWith('st-key-'))?.slice(7);
  return key && { key, input: box.querySelector(RANGE) };
}

function stepOf(input) {
  const at = Number(input.getAttribute('value')), low = Number(input.min), by = Number(input.step);
  return Math.round((at - low) / by);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector('.stage');
  const stage = stages.get(root) || new Stage(root);
  stages.set(root, stage);
  stage.part?.(); // Streamlit calls this for every answer of the server, and what it returns only when the page is turned
  stage.send = setTriggerValue;
  stage.settle(data);
  if (data.tour !== toured && data.tour) document.querySelector('[data-testid=stMain]')?.scrollTo(0, 0); // to its strip
  toured = data.tour;

  const moved = new MutationObserver((changes) => {
    for (const { target } of changes) {
      if (!target.matches(RANGE)) continue;
      const slider = sliderOf(target);
      if (slider && slider.key in data.sliders) stage.follow(slider.key, stepOf(target));
    }
  });
  moved.observe(document.body, { subtree: true, attributes: true, attributeFilter: ['value'] });

  const intent = ({ target }) => { const slider = sliderOf(target); if (slider?.input) stage.intend(slider.key); };
  const kinds = ['pointerover', 'focusin', 'touchstart'];
  for (const kind of kinds) document.addEventListener(kind, intent, { passive: true });

  // The server writes the address. If it is gone, the link is kept right here; an answer that is only late would find its
  // place in the browser's history taken. Streamlit disables its widgets when the connection is lost.
  let late;
  const keep = () => {
    const ahead = stage.ahead();
    if (!ahead) return;
    const left = ahead.values || { [ahead.key]: data.sliders[ahead.key][ahead.step] };
    const input = ahead.input || document.querySelector(`.st-key-${Object.keys(left)[0]} ${RANGE}`);
    if (!input?.disabled) return released();
    const address = new URL(location.href);
    for (const [key, text] of Object.entries(left))
      if (text === data.defaults[key]) address.searchParams.delete(key); else address.searchParams.set(key, text);
    history.replaceState(history.state, '', address);
    stage.calm('The server does not answer just now. Your settings are in the link.');
  };
  const released = () => { clearTimeout(late); late = setTimeout(keep, 1500); };
  for (const kind of ['pointerup', 'keyup']) document.addEventListener(kind, released);

  // The keys of a clicker, where nothing has the focus that knows these keys itself.
  const turn = (event) => {
    const by = { PageDown: 'on', ArrowRight: 'on', PageUp: 'back', ArrowLeft: 'back' }[event.key];
    if (!by || !data.steps || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest?.('input, textarea, select, pre, [role], [tabindex], [contenteditable]')) return;
    event.preventDefault();
    setTriggerValue('stepped', by);
  };
  document.addEventListener('keydown', turn);

  const redraw = () => { if (root.isConnected && stage.figure && stage.Plotly && (stage.shade() !== stage.theme || stage.narrow !== stage.plot.clientWidth < 560)) stage.draw(); };
  const column = root.closest('[data-testid=stColumn]'); // scrolls by itself where the screen is small
  const hint = () => root.toggleAttribute('data-more', column.scrollHeight - column.scrollTop - column.clientHeight > 24);
  const size = new ResizeObserver(() => { redraw(); hint(); stage.reach(); });
  for (const box of [root, column]) size.observe(box);
  column.addEventListener('scroll', hint, { passive: true });
  const theme = new MutationObserver(() => requestAnimationFrame(redraw));
  for (let node = root; node; node = node.parentElement) theme.observe(node, { attributes: true, attributeFilter: ['style', 'class'] });

  stage.part = () => {
    clearTimeout(late); // the server has answered, or the page was turned
    moved.disconnect(); size.disconnect(); theme.disconnect();
    column.removeEventListener('scroll', hint);
    document.removeEventListener('keydown', turn);
    for (const kind of kinds) document.removeEventListener(kind, intent);
    for (const kind of ['pointerup', 'keyup']) document.removeEventListener(kind, released);
    setTimeout(() => { if (!root.isConnected) window.Plotly?.purge(stage.plot); }, 0);
  };
  return stage.part;
}

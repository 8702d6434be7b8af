// Plays a film: draws its figure, and moves it and its numbers from step to step. It knows neither a server nor where the
// steps come from: the live stage and the file that is taken away say that. It knows no formula. TEMPLATES is put in front.

function unpack(reel) {
  for (const array of reel.arrays) {
    const bytes = Uint8Array.from(atob(array.floats), (c) => c.charCodeAt(0));
    const all = new Float32Array(bytes.buffer);
    const size = array.shape.reduce((a, b) => a * b, 1);
    array.at = (step) => all.subarray((array.frames > 1 ? step : 0) * size, ((array.frames > 1 ? step : 0) + 1) * size);
  }
  reel.still = JSON.parse(reel.still);
  return reel;
}

function shape(array, step) { // as Plotly takes it: rows for a z of two dimensions
  const values = array.at(step), [rows, columns] = array.shape;
  if (array.name !== 'z' || !columns) return values;
  return Array.from({ length: rows }, (_, row) => values.subarray(row * columns, (row + 1) * columns));
}

function plain(array) { // numbers as they are, or as the server packs them
  if (!array?.bdata) return array;
  const kinds = { f8: Float64Array, f4: Float32Array, i1: Int8Array, u1: Uint8Array, i2: Int16Array, i4: Int32Array };
  return new kinds[array.dtype](Uint8Array.from(atob(array.bdata), (c) => c.charCodeAt(0)).buffer);
}

function sourceOf(picture, step) { return picture.sources[picture.sources.length > 1 ? step : 0]; }

function stroke(node, { line }) { // the path of a line that was nowhere when Plotly drew it, as Plotly would have made it
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path'), unit = Math.max(line.width, 3);
  const dashes = { dot: [1, 1], dash: [3, 3], longdash: [5, 5], dashdot: [3, 1, 1, 1], longdashdot: [5, 2, 1, 2] };
  path.classList.add('js-line');
  path.__data__ = node.__data__;
  Object.assign(path.style, {
    fill: 'none', stroke: line.color, strokeWidth: `${line.width}px`, vectorEffect: 'non-scaling-stroke',
    strokeDasharray: (dashes[line.dash] || []).map((length) => `${length * unit}px`).join(','),
  });
  return node.querySelector('.lines').appendChild(path);
}

// Plotly takes 20 to 40 ms to redraw a figure; moving the paths it has drawn takes one. On release Plotly draws for good.
const painters = {
  scatter(node, trace, xaxis, yaxis) {
    const [x, y] = [plain(trace.x), plain(trace.y)];
    const [drawn, ...rest] = node.querySelectorAll('path.js-line'); // Plotly draws one for each piece between gaps
    const line = drawn || (trace.mode === 'lines' && stroke(node, trace)); // and none for nothing, such as no pull
    for (const piece of rest) piece.setAttribute('d', 'M0,0');
    if (line) {
      let path = '', open = false;
      for (let i = 0; i < x.length; i++) {
        const px = xaxis.d2p(x[i]), py = yaxis.d2p(y[i]);
        if (Number.isFinite(px) && Number.isFinite(py)) {
          path += `${open ? 'L' : 'M'}${px.toFixed(1)},${py.toFixed(1)}`;
          open = true;
        } else open = false;
      }
      line.setAttribute('d', path || 'M0,0');
      const area = path && node.querySelector('path.js-fill'); // down to zero, or within its own outline
      if (area) {
        const ends = trace.fill === 'tozeroy' ? [x.length - 1, 0] : [];
        area.setAttribute('d', `${path}${ends.map((i) => `L${xaxis.d2p(x[i])},${yaxis.d2p(0)}`).join('')}Z`);
      }
    }
    for (const word of node.querySelectorAll('.textpoint text')) {
      const { i } = word.__data__;
      for (const part of [word, ...word.querySelectorAll('tspan.line')]) {
        part.setAttribute('x', xaxis.d2p(x[i]));
        part.setAttribute('y', yaxis.d2p(y[i]));
      }
    }
    for (const point of node.querySelectorAll('path.point')) {
      const i = point.__data__.i;
      point.setAttribute('transform', `translate(${xaxis.d2p(x[i])},${yaxis.d2p(y[i])})`);
    }
  },
};

function enlarge(node, by) { // every font of a layout: for large type on the page, or in the browser's settings
  for (const [name, value] of Object.entries(node)) {
    if (!value || typeof value !== 'object') continue;
    if (/font$/.test(name) && value.size) value.size *= by;
    else enlarge(value, by);
  }
}

class Player {
  constructor(root) {
    this.root = root;
    this.plot = root.querySelector('.stage-plot');
    this.reading = root.querySelector('.stage-reading');
    this.speech = root.querySelector('.stage-speech');
    this.line = root.querySelector('.stage-line');
  }

  placed() {} // the figure has taken its place

  newest(wanted) { return this.wanted === wanted; }

  again() { this.paint(); }

  height() {
    return (this.plot.clientWidth < 560 && this.data.frame.narrow.height) || this.figure.layout.height;
  }

  dress(key, film) { // the figure takes the axes and lines of this slider's film; true if it had those of another
    if (this.drawn === key && (!film.look || film.look === this.look)) return false;
    this.look = film.look;
    const { data, layout } = this.figure, still = film.still;
    this.figure = {
      data: data.map((trace, index) => ({ ...trace, ...still.data[index] })), layout: { ...still.layout, images: layout.images },
    };
    this.drawn = key;
    return true;
  }

  async draw(now = this.ahead()) {
    this.narrow = this.plot.clientWidth < 560;
    this.theme = this.shade();
    const { data, layout } = this.figure;
    const changes = this.narrow ? this.data.frame.narrow : {};
    const shaped = { ...structuredClone(layout), template: structuredClone(TEMPLATES[this.theme]), autosize: true };
    for (const [path, value] of Object.entries(changes)) {
      const names = path.split('.'), last = names.pop();
      names.reduce((node, name) => (node[name] ??= {}), shaped)[last] = value;
    }
    delete shaped.width;
    const large = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    if (large > 1) enlarge(shaped, Math.min(large, 1.5));
    const traces = data.map((trace) => ({ ...trace }));
    if (now?.film && this.drawn === now.key) { // as it is now, not as it was when the server was asked
      for (const array of now.film.arrays) traces[array.trace][array.name] = shape(array, now.step);
      for (const picture of now.film.images) shaped.images[picture.image].source = sourceOf(picture, now.step);
    }
    this.plot.style.height = `${shaped.height}px`;
    await this.Plotly.react(this.plot, traces, shaped, {
      responsive: true, displayModeBar: false, scrollZoom: false, doubleClick: false, // Take away has its picture
    });
    this.nodes = new Map();
    for (const node of this.plot.querySelectorAll('.scatterlayer .trace')) {
      const trace = node.__data__?.[0]?.trace;
      if (trace) this.nodes.set(trace.index, node);
    }
    this.placed();
  }

  shade() {
    const ground = getComputedStyle(this.root).getPropertyValue('--st-background-color').trim() || '#ffffff';
    const page = document.documentElement.style; // for what lies under the stage on a phone
    // Written only when it is another one: every stage looks here for a change of theme, and would call the others up.
    if (page.getPropertyValue('--ground') !== ground) page.setProperty('--ground', ground);
    const probe = document.createElement('canvas').getContext('2d');
    probe.fillStyle = ground;
    const hex = parseInt(probe.fillStyle.slice(1), 16);
    return ((hex >> 16) & 255) * 0.3 + ((hex >> 8) & 255) * 0.6 + (hex & 255) * 0.1 > 128 ? 'light' : 'dark';
  }

  async paint() { // what is wanted, and then what was wanted meanwhile
    const wanted = this.wanted, { key, step, film } = wanted, plot = this.plot;
    if (!plot._fullLayout || !(step >= 0 && step < film.steps)) return;
    const started = performance.now();
    if (this.dress(key, film)) {
      this.busy = true;
      await this.draw({ key, film, step });
      this.busy = false;
      // Meanwhile the server may have drawn its own figure, or the hand moved on.
      if (this.drawn !== key || !this.newest(wanted)) return this.again();
    }
    const touched = new Set(), slow = new Map();
    if (wanted.hand) this.still(film, touched);
    for (const array of film.arrays) {
      const trace = plot.data[array.trace], values = array.at(step);
      const node = this.nodes.get(array.trace);
      if (node && painters[plot._fullData[array.trace].type]) {
        trace[array.name] = values; // plot.data stays true to what is shown, should Plotly redraw by itself
        touched.add(array.trace);
      } else {
        if (!slow.has(array.name)) slow.set(array.name, [[], []]);
        slow.get(array.name)[0].push(shape(array, step));
        slow.get(array.name)[1].push(array.trace);
      }
    }
    for (const index of touched) {
      const full = plot._fullData[index];
      const axis = (id, name) => plot._fullLayout[name + (id || name[0]).slice(1)];
      painters[full.type](this.nodes.get(index), plot.data[index], axis(full.xaxis, 'xaxis'), axis(full.yaxis, 'yaxis'));
    }
    const sources = {};
    for (const picture of film.images)
      sources[`images[${picture.image}].source`] = sourceOf(picture, step);
    if (film.images.length) this.Plotly.relayout(plot, sources);
    this.placed();
    this.recite(film, step);
    clearTimeout(this.hush);
    if (film.speech.length) this.hush = setTimeout(() => this.say(film.speech[step]), 250);
    if (slow.size) {
      this.busy = true;
      const traces = [...new Set([...slow.values()].flatMap(([, of]) => of))]; // one redraw for all; undefined stays as it is
      const changes = [...slow].map(([name, [values, of]]) => [name, traces.map((trace) => values[of.indexOf(trace)])]);
      await this.Plotly.restyle(plot, Object.fromEntries(changes), traces);
      await new Promise(requestAnimationFrame);
      this.busy = false;
    }
    if (wanted.hand) this.root.dataset.hand = JSON.stringify(wanted.values);
    else this.root.dataset.step = `${key}=${step}`;
    this.root.dataset.took = (performance.now() - started).toFixed(2);
    if (!this.newest(wanted)) this.again();
  }

  still(film, touched) { // lines that stay while one slider moves, and change when two do
    film.still.data.forEach((lines, index) => {
      if (!this.nodes.has(index)) return;
      for (const [name, values] of Object.entries(lines)) {
        this.plot.data[index][name] = plain(values);
        touched.add(index);
      }
    });
  }

  recite(film, step) {
    for (const [name, slot] of Object.entries(film.slots)) this.fill(name, slot.values[step], slot.texts[step]);
  }

  fill(name, value, text) {
    for (const slot of this.reading.querySelectorAll(`[data-slot="${name}"]`)) {
      slot.setAttribute('value', value ?? '');
      slot.textContent = text;
    }
    for (const bar of this.reading.querySelectorAll(`[data-bar="${name}"]`)) {
      const low = Number(bar.dataset.low), high = Number(bar.dataset.high);
      const share = value === null ? Number(text === '∞') : Math.min(1, Math.max(0, (value - low) / (high - low)));
      bar.style.setProperty('--share', share.toFixed(4));
    }
  }

  say(sentence) { if (sentence && this.speech.textContent !== sentence) this.speech.textContent = sentence; }

  calm(text) { this.line.textContent = text; this.line.hidden = !text; }
}

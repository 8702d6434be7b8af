// The moving figure taken away as a file: the same player, fed from the file itself and moved by native sliders.

async function opened(id) { // what the file holds as gzip in base64
  const packed = Uint8Array.from(atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
}

class Piece extends Player {
  constructor(root, data) {
    super(root);
    this.data = data;
    this.inputs = [...document.querySelectorAll('input[data-key]')];
    this.films = new Map();
    this.now = null; // the slider that was moved last, where it stands, and its film
  }

  ahead() { return this.now; }

  async start() {
    const { frame, swept, step } = this.data;
    this.plot.setAttribute('aria-label', frame.alt);
    for (const [name, [value, text]] of Object.entries(frame.slots)) this.fill(name, value, text);
    this.figure = JSON.parse(frame.figure);
    this.drawn = swept;
    const script = document.createElement('script');
    script.textContent = await opened('plotly');
    document.head.append(script);
    this.Plotly = window.Plotly;
    await this.draw();
    this.say(frame.speech);
    for (const input of this.inputs) {
      this.films.set(input.dataset.key, unpack(JSON.parse(await opened(`reel-${input.dataset.key}`))));
      input.addEventListener('input', () => this.show(input.dataset.key, Number(input.value)));
      input.disabled = false;
    }
    this.root.dataset.ready = swept;
    this.root.dataset.step = `${swept}=${step}`;
  }

  show(key, step) { // the others go back to where they were when the figure was taken: each film is made around that place
    for (const input of this.inputs) {
      if (input.dataset.key !== key) input.value = input.defaultValue;
      const { texts, unit } = this.data.sliders[input.dataset.key], text = texts[input.value];
      input.nextElementSibling.value = text;
      input.setAttribute('aria-valuetext', unit ? `${text} ${unit}` : text);
    }
    this.now = this.wanted = { key, step, film: this.films.get(key) };
    if (!this.busy) this.paint();
  }

  again() { this.paint(); }
}

const piece = new Piece(document.querySelector('.stage'), DATA);
piece.start().catch((error) => piece.calm(`This browser could not open the figure: ${error.message}`));
const afresh = () => {
  if (piece.Plotly && !piece.busy && (piece.shade() !== piece.theme || piece.narrow !== piece.plot.clientWidth < 560)) piece.draw();
};
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', afresh);
new ResizeObserver(afresh).observe(piece.root);

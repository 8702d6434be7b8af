// Take away: the picture, the numbers, the lines of PyTorch, the link and the moving figure as a file, under the figure.

const element = (kind, text, more = {}) => Object.assign(document.createElement(kind), { textContent: text }, more);

async function copied(text) { // the clipboard, also where a page without a certificate may not use it by name
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const home = document.querySelector('.away:popover-open') || document.body;
    const area = element('textarea', text, { readOnly: true });
    home.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}

class Away {
  constructor(stage) {
    this.stage = stage;
    const { root } = stage, box = (this.box = root.querySelector('.away'));
    this.open = root.querySelector('.away-open');
    this.open.popoverTargetElement = box;
    this.out = root.querySelector('.away-out');
    // The address is the server's to write, a little after the figure: the link is read when it is followed.
    for (const kind of ['pointerdown', 'focus']) this.out.addEventListener(kind, () => { this.out.href = this.link(); });
    Object.assign(box.querySelector('.away-shut'), { popoverTargetElement: box, popoverTargetAction: 'hide' });
    for (const button of box.querySelectorAll('[data-picture]'))
      button.addEventListener('click', () => this.picture(button.dataset.picture));
    box.querySelector('.away-link').addEventListener('click', ({ currentTarget }) => this.copy(currentTarget, this.link()));
    box.addEventListener('toggle', ({ newState }) => newState === 'open' && this.lines());
  }

  offer() { // for the settled figure
    const { data } = this.stage, swept = data.swept;
    this.open.hidden = false;
    for (const name of ['numbers', 'file']) {
      const link = this.box.querySelector(`.stage-${name}`);
      link.hidden = !swept;
      link.href = this.stage.address(swept, name);
    }
    const present = new URL(this.link());
    present.searchParams.set('present', '1');
    Object.assign(this.box.querySelector('.away-present'), { href: present.href, hidden: data.steps });
    Object.assign(this.out, { href: this.link(), hidden: window.self === window.top }); // only where the page is a part of another
    this.box.querySelector('.stage-numbers').textContent = `Numbers of every step of “${data.labels[swept]}” (CSV)`;
  }

  link() { // without what only says how the page is shown
    const address = new URL(location.href);
    for (const key of [...address.searchParams.keys()])
      if (key.startsWith('embed') || key === 'present') address.searchParams.delete(key);
    return address.href;
  }

  picture(format) {
    const { plot, data, Plotly, root } = this.stage, { width, height } = plot.getBoundingClientRect();
    const ground = getComputedStyle(root).getPropertyValue('--ground') || '#ffffff'; // as it stands on the page
    const layout = { ...structuredClone(plot.layout), paper_bgcolor: ground };
    const whole = { data: plot.data, layout, config: { staticPlot: true } };
    Plotly.downloadImage(whole, { format, width, height, scale: format === 'png' ? 2 : 1, filename: data.view.replace('/', '-') });
  }

  async copy(button, text) {
    await copied(text);
    const said = button.textContent;
    if (said === 'Copied') return;
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = said; }, 1500);
  }

  async lines() {
    const home = this.box.querySelector('.away-code'), address = this.stage.address(this.stage.data.swept, 'code');
    if (home.dataset.of === address) return;
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(`${answer.status}`);
      home.replaceChildren(...(await answer.json()).map((one, place) => this.program(one, !place)));
      home.dataset.of = address;
    } catch {
      home.replaceChildren(element('p', 'The PyTorch lines could not be had: the server does not answer.'));
    }
  }

  program({ title, says, text }, open) {
    const whole = element('details', '', { open }), copy = element('button', 'Copy', { type: 'button' });
    copy.addEventListener('click', () => this.copy(copy, text));
    const code = element('pre', '', { tabIndex: 0 });
    code.append(element('code', text));
    whole.append(element('summary', `PyTorch: ${title}`), element('p', says), code, copy);
    return whole;
  }
}

// Grips: what a hand can take hold of in a figure. A drag sets up to two sliders, in the units of the figure's axes.
// A grip stands where the figure is drawn, never ahead of its numbers; the stage fetches the frame of the newest place.

// px: the least that a body, and what a point, offers to a pointer or to a finger.
const [BODY, POINT] = matchMedia('(pointer: coarse)').matches ? [44, 44] : [28, 36];

class Grips {
  constructor(stage) {
    this.stage = stage;
    this.home = stage.root.querySelector('.stage-grips');
    this.known = '';
  }

  set(handles) { // those of the server's figure; a drag goes on through a new figure with the same ones
    const known = JSON.stringify([this.stage.data.view, handles]);
    if (known === this.known) return;
    this.known = known;
    this.home.replaceChildren(...handles.map((handle) => this.make(handle)));
  }

  make(handle) {
    const grip = document.createElement('div');
    grip.className = `grip ${handle.point === null ? 'grip-body' : 'grip-point'}`;
    grip.handle = handle;
    grip.title = `Drag ${handle.name}`.trim();
    grip.append(document.createElement('i'));
    grip.addEventListener('pointerdown', (event) => this.take(this.nearest(grip, event), event));
    return grip;
  }

  nearest(grip, { clientX, clientY }) { // of points that lie over each other: not the one that happens to be on top
    if (!grip.matches('.grip-point')) return grip;
    const far = (one) => {
      const box = one.getBoundingClientRect();
      return Math.hypot(box.x + box.width / 2 - clientX, box.y + box.height / 2 - clientY);
    };
    return [...this.home.querySelectorAll('.grip-point:not([hidden])')].reduce((a, b) => (far(b) < far(a) ? b : a));
  }

  // ---- where they stand --------------------------------------------------------------------------------------------
  place() {
    for (const grip of this.home.children) {
      const { trace, point } = grip.handle, [xaxis, yaxis] = this.axes(trace);
      const spans = [['x', xaxis], ['y', yaxis]].map(([name, axis]) => {
        const values = this.stage.values(trace, name);
        const at = (point === null ? [...values] : [values[point]]).map((v) => axis.d2p(v)).filter(Number.isFinite);
        const inside = at.map((px) => Math.min(axis._length, Math.max(0, px))); // in reach, even if it is drawn beyond
        const low = Math.min(...inside), high = Math.max(...inside), least = point === null ? BODY : POINT;
        const size = Math.max(high - low, least);
        return [axis._offset + (low + high - size) / 2, size];
      });
      const [[left, width], [top, height]] = spans;
      grip.hidden = !spans.flat().every(Number.isFinite);
      Object.assign(grip.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    }
  }

  axes(trace) {
    const { _fullLayout: layout, _fullData: data } = this.stage.plot;
    const axis = (id, name) => layout[name + (id || name[0]).slice(1)];
    return [axis(data[trace].xaxis, 'xaxis'), axis(data[trace].yaxis, 'yaxis')];
  }

  // ---- the drag ----------------------------------------------------------------------------------------------------
  take(grip, event) {
    const { stage } = this, { x, y, trace } = grip.handle;
    if (event.button !== 0 || !event.isPrimary || !stage.plot._fullLayout) return;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    grip.classList.add('grip-held');
    const spot = ({ clientX, clientY }) => { // under the pointer, in the units of the axes
      const home = stage.plot.getBoundingClientRect(), [xaxis, yaxis] = this.axes(trace);
      return [xaxis.p2d(clientX - home.left - xaxis._offset), yaxis.p2d(clientY - home.top - yaxis._offset)];
    };
    const from = spot(event), settings = stage.settings();
    const sliders = [x, y].flatMap((key, axis) => {
      if (!key) return [];
      const texts = stage.data.sliders[key];
      return [{ key, axis, texts, steps: texts.map(Number), start: Number(settings[key] ?? stage.data.defaults[key]) }];
    });
    const move = (now) => {
      const to = spot(now);
      stage.haul(Object.fromEntries(sliders.map(({ key, axis, texts, steps, start }) => {
        const wanted = start + to[axis] - from[axis];
        const nearest = steps.reduce((best, step, i) => (Math.abs(step - wanted) < Math.abs(steps[best] - wanted) ? i : best), 0);
        return [key, texts[nearest]];
      })));
    };
    const end = () => {
      grip.removeEventListener('pointermove', move);
      for (const kind of ['pointerup', 'pointercancel', 'lostpointercapture']) grip.removeEventListener(kind, end);
      grip.classList.remove('grip-held');
      stage.drop();
    };
    grip.addEventListener('pointermove', move);
    for (const kind of ['pointerup', 'pointercancel', 'lostpointercapture']) grip.addEventListener(kind, end);
  }
}

// What of a page of the station is cut, overprinted, covered or too small to touch.
//
// Put into a page before it begins. `layoutFaults({touch})` then tells every fault of what is on
// the screen, a line each; none where all is well. Text of the document is measured by the boxes
// of its lines, text of instruments and charts by what was drawn on their canvases since they were
// last wiped.
(() => {
  const SLACK = 1.5; // px: what rounding and the overhang of letters take
  const LEAST = 44; // px: side of a target under a finger (WCAG 2.1, 2.5.5)
  const SQUEEZED = 0.72; // of its width: narrower letters are not read at a glance
  const drawn = new Map(); // canvas -> texts on it, as {text, x, y, right, bottom}

  const meets = (a, b, slack = SLACK) =>
    Math.min(a.right, b.right) - Math.max(a.x, b.x) > slack &&
    Math.min(a.bottom, b.bottom) - Math.max(a.y, b.y) > slack;

  // --- What is drawn ---------------------------------------------------------------------------

  const kind = CanvasRenderingContext2D.prototype;
  const plain = {};
  for (const name of ['fillText', 'fillRect', 'clearRect', 'beginPath', 'moveTo', 'lineTo', 'arc', 'fill'])
    plain[name] = kind[name];

  function boxed(context, x, y, right, bottom) {
    const m = context.getTransform();
    const corners = [[x, y], [right, y], [x, bottom], [right, bottom]].map(([a, b]) => [
      m.a * a + m.c * b + m.e, m.b * a + m.d * b + m.f]);
    const [across, down] = [corners.map((one) => one[0]), corners.map((one) => one[1])];
    return { x: Math.min(...across), right: Math.max(...across), y: Math.min(...down), bottom: Math.max(...down) };
  }

  function wiped(context, box) {
    const { width, height } = context.canvas;
    if (box.right - box.x >= width - 2 && box.bottom - box.y >= height - 2) drawn.set(context.canvas, []);
  }

  // What is painted over is not seen any more, and overprints nothing.
  function painted(context, box) {
    if (context.globalAlpha < 0.8) return;
    wiped(context, box);
    const left = drawn.get(context.canvas)?.filter((one) => !meets(one, box, 0.5));
    if (left) drawn.set(context.canvas, left);
  }

  kind.clearRect = function (x, y, width, height) {
    wiped(this, boxed(this, x, y, x + width, y + height));
    return plain.clearRect.call(this, x, y, width, height);
  };
  kind.fillRect = function (x, y, width, height) {
    painted(this, boxed(this, x, y, x + width, y + height));
    return plain.fillRect.call(this, x, y, width, height);
  };
  kind.beginPath = function () {
    this.layoutPath = [];
    return plain.beginPath.call(this);
  };
  for (const name of ['moveTo', 'lineTo'])
    kind[name] = function (x, y) {
      this.layoutPath?.push([x, y, x, y]);
      return plain[name].call(this, x, y);
    };
  kind.arc = function (x, y, radius, ...rest) {
    this.layoutPath?.push([x - radius, y - radius, x + radius, y + radius]);
    return plain.arc.call(this, x, y, radius, ...rest);
  };
  kind.fill = function (...rest) {
    const path = this.layoutPath ?? [];
    if (path.length > 0 && typeof rest[0] !== 'object')
      painted(this, boxed(this, Math.min(...path.map((p) => p[0])), Math.min(...path.map((p) => p[1])),
        Math.max(...path.map((p) => p[2])), Math.max(...path.map((p) => p[3]))));
    return plain.fill.call(this, ...rest);
  };
  kind.fillText = function (text, x, y, most) {
    if (String(text).trim() !== '' && this.globalAlpha > 0.2) {
      const size = this.measureText(text);
      const natural = size.width;
      const width = Math.min(natural, most ?? Infinity);
      const left = this.textAlign === 'center' ? x - width / 2 : ['right', 'end'].includes(this.textAlign) ? x - width : x;
      const box = boxed(this, left, y - size.actualBoundingBoxAscent, left + width, y + size.actualBoundingBoxDescent);
      if (!drawn.has(this.canvas)) drawn.set(this.canvas, []);
      drawn.get(this.canvas).push({ text: String(text), ...box, squeezed: width / natural });
    }
    return most === undefined ? plain.fillText.call(this, text, x, y) : plain.fillText.call(this, text, x, y, most);
  };

  function drawnFaults() {
    const faults = [];
    for (const [canvas, texts] of drawn) {
      if (!canvas.isConnected || canvas.getClientRects().length === 0 || canvas.width === 0) continue;
      const name = nameOf(canvas);
      const instrument = canvas.closest('.screen') !== null;
      const inside = texts.filter((one) => one.right > 0 && one.bottom > 0 && one.x < canvas.width && one.y < canvas.height);
      for (const one of inside) {
        if (one.squeezed < SQUEEZED) faults.push(`squeezed to ${one.squeezed.toFixed(2)}: "${one.text}" on ${name}`);
        if (instrument && (one.x < -SLACK || one.right > canvas.width + SLACK || one.y < -SLACK || one.bottom > canvas.height + SLACK))
          faults.push(`cut by its canvas: "${one.text}" on ${name}`);
      }
      inside.forEach((one, index) => {
        for (const other of inside.slice(index + 1))
          if (meets(one, other)) faults.push(`overprint: "${one.text}" and "${other.text}" on ${name}`);
      });
    }
    // Labels that are canvases of their own, moved over the chart.
    const labels = [...drawn.keys()].filter((canvas) => canvas.closest('.sprites') && canvas.isConnected && canvas.getClientRects().length > 0 && drawn.get(canvas).length > 0)
      .map((canvas) => ({ text: drawn.get(canvas)[0].text, rect: canvas.getBoundingClientRect() }));
    labels.forEach(({ text, rect }, index) => {
      for (const other of labels.slice(index + 1))
        if (meets(rect, other.rect)) faults.push(`overprint: labels of "${text}" and "${other.text}" on the chart`);
    });
    return faults;
  }

  // --- What is written -------------------------------------------------------------------------

  function nameOf(element) {
    const parts = [];
    for (let at = element; at && at !== document.body && parts.length < 4; at = at.parentElement) {
      const label = at.getAttribute('aria-label');
      parts.unshift(label ? `${at.localName}[${label.slice(0, 24)}]`
        : at.localName + [...at.classList].filter((one) => !one.startsWith('svelte-')).map((one) => `.${one}`).join(''));
    }
    return parts.join(' ');
  }

  const visible = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    !element.closest('.visually-hidden, .skip, [aria-hidden=true], [inert], option, .maplibregl-map canvas');

  const hides = (value) => value === 'hidden' || value === 'clip';

  /** What of a box can be seen or scrolled to: cut at each ancestor that hides, and seen now. */
  function shownOf(element, rect) {
    const box = { x: rect.x, y: rect.y, right: rect.right, bottom: rect.bottom };
    let [freeX, freeY, cut, away] = [false, false, '', false];
    // Cut with an ellipsis, and whole in its title.
    const title = element.closest('[title]')?.title ?? '';
    const told = title !== '' && title.includes(element.textContent.trim());
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (told && style.textOverflow === 'ellipsis') freeX = true;
      if (style.display === 'contents' || style.display === 'inline') continue;
      const edge = at === document.body || at === document.documentElement
        ? { left: 0, top: 0, right: innerWidth, bottom: innerHeight } : at.getBoundingClientRect();
      if (!freeX && hides(style.overflowX) && (box.x < edge.left - SLACK || box.right > edge.right + SLACK)) cut ||= nameOf(at);
      if (!freeY && hides(style.overflowY) && (box.y < edge.top - SLACK - 1 || box.bottom > edge.bottom + SLACK + 1)) cut ||= nameOf(at);
      const scrollsX = style.overflowX === 'auto' || style.overflowX === 'scroll';
      const scrollsY = style.overflowY === 'auto' || style.overflowY === 'scroll';
      if ((scrollsX || scrollsY || hides(style.overflowX)) && !meets(box, { x: edge.left, y: edge.top, right: edge.right, bottom: edge.bottom }, 0)) away = true;
      freeX ||= scrollsX;
      freeY ||= scrollsY;
      if (scrollsX || scrollsY) {
        [box.x, box.right] = [Math.max(box.x, edge.left), Math.min(box.right, edge.right)];
        [box.y, box.bottom] = [Math.max(box.y, edge.top), Math.min(box.bottom, edge.bottom)];
      }
      if (style.position === 'fixed') break;
    }
    if (!freeX && (rect.x < -SLACK || rect.right > innerWidth + SLACK)) cut ||= 'the window';
    return { box, cut, away };
  }

  function lines() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (node.nodeValue.trim() === '' || !element || ['SCRIPT', 'STYLE'].includes(element.tagName) || !visible(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const rect of range.getClientRects())
        if (rect.width > 1 && rect.height > 1) found.push({ element, rect, text: node.nodeValue.trim().slice(0, 40) });
    }
    return found;
  }

  const related = (one, other) => one.contains(other) || other.contains(one) || one.closest('label, button, a')?.contains(other);

  function writtenFaults() {
    const faults = [];
    const seen = [];
    for (const line of lines()) {
      const where = `"${line.text}" in ${nameOf(line.element)}`;
      const { box, cut, away } = shownOf(line.element, line.rect);
      if (away) continue;
      if (cut) faults.push(`cut by ${cut}: ${where}`);
      const holder = line.element.closest('button, a, th, td, .value, [role=tab]');
      if (holder && !cut) {
        const edge = holder.getBoundingClientRect();
        if (getComputedStyle(holder).display !== 'inline' && (line.rect.right > edge.right + SLACK || line.rect.x < edge.left - SLACK))
          faults.push(`out of its box: ${where}`);
      }
      if (box.right - box.x < 2 || box.bottom - box.y < 2) continue;
      const [x, y] = [(box.x + box.right) / 2, (box.y + box.bottom) / 2];
      if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
      const top = document.elementFromPoint(x, y);
      // Letters are lower than their line.
      const high = (box.bottom - box.y) * 0.2;
      if (top && !related(line.element, top)) {
        // What is opened over a view covers it until it is closed.
        const panel = top.closest('aside');
        if (panel && getComputedStyle(panel).position === 'absolute' && !panel.contains(line.element)) continue;
        if (!top.closest('[role=dialog], dialog, [role=menu], [role=status], [role=alert], .notices') && getComputedStyle(line.element).pointerEvents !== 'none')
          faults.push(`covered by ${nameOf(top)}: ${where}`);
      } else seen.push({ ...line, x: box.x, right: box.right, y: box.y + high, bottom: box.bottom - high });
    }
    seen.forEach((one, index) => {
      for (const other of seen.slice(index + 1))
        if (one.element !== other.element && meets(one, other))
          faults.push(`overprint: "${one.text}" and "${other.text}" in ${nameOf(one.element)}`);
    });
    return faults;
  }

  function fieldFaults() {
    const faults = [];
    const pen = document.createElement('canvas').getContext('2d');
    for (const field of document.querySelectorAll('select, input:not([type=checkbox], [type=radio], [type=range], [type=file], [type=color])')) {
      if (!visible(field) || shownOf(field, field.getBoundingClientRect()).away) continue;
      const text = field.localName === 'select' ? (field.selectedOptions[0]?.textContent.trim() ?? '') : field.value || field.placeholder;
      const style = getComputedStyle(field);
      pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      // A list's arrow, the cross that empties a search.
      const arrow = field.localName === 'select' || field.type === 'search' ? 18 : 0;
      const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
      if (pen.measureText(text).width > room + 2) faults.push(`cut in its field: "${text}" in ${nameOf(field)}`);
    }
    return faults;
  }

  // --- What is pressed -------------------------------------------------------------------------

  const PRESSED = 'button, a[href], input, select, textarea, summary, [role=button], [role=tab], [role=option], [role=menuitem]';

  function targetFaults() {
    const faults = [];
    for (const element of document.querySelectorAll(PRESSED)) {
      if (!visible(element) || element.disabled || element.type === 'file' || getComputedStyle(element).pointerEvents === 'none') continue;
      // A link within a sentence is as high as the sentence.
      if (element.localName === 'a' && element.closest('p, li, td, dd') && getComputedStyle(element).display === 'inline') continue;
      const box = (element.closest('label') ?? element).getBoundingClientRect();
      if (shownOf(element, element.getBoundingClientRect()).away) continue;
      if (box.width < LEAST - 0.5 || box.height < LEAST - 0.5)
        faults.push(`target of ${box.width.toFixed(0)} x ${box.height.toFixed(0)}: ${nameOf(element)} "${(element.innerText ?? '').trim().slice(0, 24)}"`);
    }
    return faults;
  }

  function scrollFaults() {
    const faults = [];
    if (document.documentElement.scrollWidth > innerWidth) faults.push(`the document is ${document.documentElement.scrollWidth} px wide`);
    for (const element of document.querySelectorAll('header, nav, main *')) {
      const style = getComputedStyle(element);
      if (!['auto', 'scroll'].includes(style.overflowX) || !visible(element)) continue;
      if (element.scrollWidth > element.clientWidth + 1 && !element.matches('table, pre'))
        faults.push(`scrolls sideways, ${element.scrollWidth} in ${element.clientWidth}: ${nameOf(element)}`);
    }
    return faults;
  }

  window.layoutFaults = ({ touch = false } = {}) => [
    ...new Set([...scrollFaults(), ...writtenFaults(), ...fieldFaults(), ...drawnFaults(), ...(touch ? targetFaults() : [])]),
  ];
})();

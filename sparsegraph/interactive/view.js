(function (name) {
  "use strict";
  var root = document.getElementById(name), data = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
  var canvas = root.querySelector("canvas"), pen = canvas.getContext("2d"), told = root.querySelector(".sgtold");
  var slider = root.querySelector("input"), output = root.querySelector("output"), toggle = root.querySelector(".sgtoggle");
  var play = root.querySelector(".sgplay"), onDisk = false, chosen = -1, zoom = 1, shift = [0, 0], timer = null, places = [];
  function bytes(code) { var text = atob(code), found = new Uint8Array(text.length); for (var i = 0; i < text.length; i++) found[i] = text.charCodeAt(i); return found; }
  var frames = data.frames.map(function (frame) {
    var raw = bytes(frame.links);
    return { title: frame.title, active: bytes(frame.active), fresh: bytes(frame.fresh), links: new Uint16Array(raw.buffer, 0, raw.length >> 1) };
  });
  var at = frames.length - 1;
  function bit(bits, i) { return bits[i >> 3] >> (i & 7) & 1; }
  function place(width, height) {
    var side = Math.min(width, height) / 2 - 14, n = data.names.length;
    places = data.layer.map(function (layer, i) {
      var x, y;
      if (onDisk) {
        if (!data.disk[i] || data.disk[i][0] === null) return null;
        x = width / 2 + side * data.disk[i][0]; y = height / 2 - side * data.disk[i][1];
      } else {
        x = 24 + (width - 48) * (n > 1 ? layer / (n - 1) : 0.5); y = 14 + (height - 28) * (1 - data.height[i]);
      }
      return [width / 2 + zoom * (x - width / 2) + shift[0], height / 2 + zoom * (y - height / 2) + shift[1]];
    });
  }
  function draw() {
    var scale = window.devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight, frame = frames[at];
    canvas.width = width * scale; canvas.height = height * scale; pen.setTransform(scale, 0, 0, scale, 0, 0);
    var grey = getComputedStyle(root).getPropertyValue("--link"), regrown = getComputedStyle(root).getPropertyValue("--fresh"), faint = getComputedStyle(root).getPropertyValue("--faint");
    place(width, height);
    if (onDisk) { pen.beginPath(); pen.arc(width / 2 + shift[0], height / 2 + shift[1], zoom * (Math.min(width, height) / 2 - 14), 0, 7); pen.strokeStyle = faint; pen.lineWidth = 0.6; pen.stroke(); }
    var alpha = Math.max(0.06, Math.min(0.5, 60 / Math.sqrt(frame.links.length + 1) / 10));
    for (var k = 0; k < frame.links.length / 2; k++) {
      var a = frame.links[2 * k], b = frame.links[2 * k + 1], p = places[a], q = places[b];
      if (!p || !q) continue;
      var mine = a === chosen || b === chosen, on = bit(frame.active, a) && bit(frame.active, b), fresh = bit(frame.fresh, k);
      pen.beginPath(); pen.moveTo(p[0], p[1]); pen.lineTo(q[0], q[1]);
      pen.strokeStyle = mine ? "#d55e00" : fresh ? "rgba(" + regrown + ",0.55)" : "rgba(" + grey + "," + (on ? alpha : alpha / 3) + ")";
      pen.lineWidth = mine ? 1.4 : fresh ? 0.8 : 0.6; pen.stroke();
    }
    var size = Math.max(1.2, Math.min(4, 60 / Math.sqrt(places.length))) * Math.sqrt(zoom);
    for (var i = 0; i < places.length; i++) {
      if (!places[i]) continue;
      pen.globalAlpha = bit(frame.active, i) ? 0.9 : 0.18; pen.fillStyle = data.colours[data.layer[i]];
      pen.beginPath(); pen.arc(places[i][0], places[i][1], i === chosen ? size + 3 : size, 0, 7); pen.fill();
    }
    pen.globalAlpha = 1;
    if (output) output.textContent = frame.title;
    if (slider) slider.setAttribute("aria-valuetext", frame.title);
    tell(frame);
  }
  function tell(frame) {
    if (chosen < 0) { told.textContent = ""; return; }
    told.textContent = data.names[data.layer[chosen]] + " " + data.index[chosen] + ": " + data["in"][chosen] + " links in, " + data.out[chosen] +
      " out, shell " + data.shell[chosen] + (bit(frame.active, chosen) ? ", active" : ", inactive");
  }
  function nearest(x, y) {
    var best = -1, least = 144;
    for (var i = 0; i < places.length; i++) {
      if (!places[i]) continue;
      var dx = places[i][0] - x, dy = places[i][1] - y, d = dx * dx + dy * dy;
      if (d < least) { least = d; best = i; }
    }
    return best;
  }
  var dragged = null;
  canvas.addEventListener("pointermove", function (event) {
    if (dragged) { shift = [shift[0] + event.clientX - dragged[0], shift[1] + event.clientY - dragged[1]]; dragged = [event.clientX, event.clientY]; draw(); return; }
    var box = canvas.getBoundingClientRect(), found = nearest(event.clientX - box.left, event.clientY - box.top);
    if (found !== chosen) { chosen = found; draw(); }
  });
  canvas.addEventListener("pointerdown", function (event) { if (zoom > 1) { dragged = [event.clientX, event.clientY]; canvas.setPointerCapture(event.pointerId); } });
  canvas.addEventListener("pointerup", function () { dragged = null; });
  canvas.addEventListener("wheel", function (event) { if (!event.ctrlKey && zoom === 1 && event.deltaY > 0) return; event.preventDefault(); enlarge(event.deltaY < 0 ? 1.2 : 1 / 1.2); }, { passive: false });
  function enlarge(by) { zoom = Math.max(1, Math.min(20, zoom * by)); if (zoom === 1) shift = [0, 0]; draw(); }
  canvas.addEventListener("keydown", function (event) {
    var step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) { chosen = (chosen + step + places.length) % places.length; event.preventDefault(); draw(); }
    if (event.key === "+" || event.key === "-") enlarge(event.key === "+" ? 1.2 : 1 / 1.2);
    if (event.key === "Escape") { chosen = -1; draw(); }
  });
  if (toggle) toggle.addEventListener("click", function () { onDisk = !onDisk; toggle.setAttribute("aria-pressed", String(onDisk)); toggle.textContent = onDisk ? "Show layers" : "Show disk"; draw(); });
  function go(frame) { at = frame; if (slider) slider.value = String(at); draw(); root.dispatchEvent(new CustomEvent("sgframe", { bubbles: true, detail: { share: frames.length > 1 ? at / (frames.length - 1) : 1 } })); }
  if (slider) slider.addEventListener("input", function () { go(Number(slider.value)); });
  function stop() { clearInterval(timer); timer = null; play.innerHTML = "&#9654;"; play.setAttribute("aria-label", "Play"); }
  if (play) play.addEventListener("click", function () {
    if (timer) { stop(); return; }
    play.innerHTML = "&#9632;"; play.setAttribute("aria-label", "Stop");
    if (at === frames.length - 1) go(0);
    timer = setInterval(function () { if (at >= frames.length - 1) { stop(); return; } go(at + 1); }, 250);
  });
  window.addEventListener("resize", draw);
  draw();
})

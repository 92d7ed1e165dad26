"use strict";
(function () {
  // Sorts, filters and copies; the page is complete without it.
  var live = document.getElementById("live");
  function say(words) { live.textContent = ""; live.textContent = words; }

  function value(cell) {
    var text = cell ? cell.textContent.trim() : "";
    if (!cell || !cell.classList.contains("num")) { return text.toLowerCase(); }
    if (text === "") { return -1; }
    var number = parseFloat(text.replace(/[^0-9.]/g, ""));
    // "<0.1%" lies below 0.1, ">99.9%" above 99.9.
    return text[0] === "<" ? number / 2 : text[0] === ">" ? number + 0.05 : number;
  }

  function sort(table, at, button) {
    var heads = table.tHead.rows[0].cells;
    var down = heads[at].getAttribute("aria-sort") !== "descending";
    var number = heads[at].classList.contains("num");
    // Numbers and times begin with the greatest, words with the first.
    if (!number && !heads[at].classList.contains("when") && !heads[at].hasAttribute("aria-sort")) { down = false; }
    for (var i = 0; i < heads.length; i++) { heads[i].removeAttribute("aria-sort"); }
    heads[at].setAttribute("aria-sort", down ? "descending" : "ascending");
    var body = table.tBodies[0];
    var rows = Array.prototype.map.call(body.rows, function (row, place) {
      return { row: row, key: value(row.cells[at]), place: place };
    });
    rows.sort(function (a, b) {
      var order = a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
      return (down ? -order : order) || a.place - b.place;
    });
    rows.forEach(function (entry) { body.appendChild(entry.row); });
    say("Sorted by " + button.textContent + (down ? ", descending" : ", ascending"));
  }

  function filter(table, words) {
    var wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    var shown = 0;
    Array.prototype.forEach.call(table.tBodies[0].rows, function (row) {
      var text = row.textContent.toLowerCase();
      var fits = wanted.every(function (word) { return text.indexOf(word) >= 0; });
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    return shown;
  }

  function prepare(table) {
    var heads = table.tHead.rows[0].cells;
    Array.prototype.forEach.call(heads, function (head, at) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      while (head.firstChild) { button.appendChild(head.firstChild); }
      head.appendChild(button);
      button.addEventListener("click", function () { sort(table, at, button); });
    });
    var rows = table.tBodies[0].rows.length;
    if (rows < 6) { return; }
    var box = document.createElement("p");
    box.className = "filter";
    var input = document.createElement("input");
    input.type = "search";
    input.placeholder = "Filter rows";
    input.name = "filter";
    input.autocomplete = "off";
    input.setAttribute("aria-label", "Filter rows of: " + (table.caption ? table.caption.textContent : "table"));
    var count = document.createElement("span");
    count.className = "dim";
    input.addEventListener("input", function () {
      var shown = filter(table, input.value);
      count.textContent = input.value ? shown + " of " + rows + " rows shown" : "";
      say(count.textContent);
    });
    box.appendChild(input);
    box.appendChild(count);
    table.parentNode.parentNode.insertBefore(box, table.parentNode);
  }

  function copy(text, done) {
    function byHand() {
      var area = document.createElement("textarea");
      area.className = "sr";
      area.value = text;
      document.body.appendChild(area);
      area.select();
      var worked = false;
      try { worked = document.execCommand("copy"); } catch (e) { worked = false; }
      document.body.removeChild(area);
      done(worked);
    }
    if (navigator.clipboard && navigator.clipboard.writeText) {
      navigator.clipboard.writeText(text).then(function () { done(true); }, byHand);
    } else { byHand(); }
  }

  Array.prototype.forEach.call(document.querySelectorAll("table.data"), prepare);
  Array.prototype.forEach.call(document.querySelectorAll("code.copy"), function (code) {
    var what = code.getAttribute("data-what");
    var button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy " + what);
    button.addEventListener("click", function () {
      copy(code.textContent, function (worked) {
        button.textContent = worked ? "Copied" : "Not copied";
        say(worked ? "Copied " + what : "Could not copy " + what);
        setTimeout(function () { button.textContent = "Copy"; }, 1600);
      });
    });
    code.parentNode.insertBefore(button, code.nextSibling);
  });
}());

// Tables of cases for the pure parts of the charts' scripts. Local time is Europe/Berlin.
import assert from "node:assert/strict";
import test from "node:test";
import { pointsFor, severalUrl } from "../../static/src/js/asking.js";
import { csvOf, csvText, fileName } from "../../static/src/js/chart-files.js";
import { countText, marksOf } from "../../static/src/js/happened.js";
import { lineNames, plotData, tableRows } from "../../static/src/js/series.js";
import * as time from "../../static/src/js/timerange.js";
import { formatValue } from "../../static/src/js/units.js";

const NOW = Date.parse("2026-02-10T12:00:00Z") / 1000; // 13:00 in Berlin
const at = (text) => Date.parse(text) / 1000;

test("an address says what is shown, and is the same again when written", () => {
  const cases = [
    ["", { range: "1h" }, ""],
    ["?range=6h", { range: "6h" }, "?range=6h"],
    ["?job=namenode&range=1h", { range: "1h" }, "?job=namenode"],
    ["?from=2026-02-10T10:00:00Z&to=2026-02-10T11:00:00Z", { from: at("2026-02-10T10:00:00Z"), to: at("2026-02-10T11:00:00Z") }, "?from=2026-02-10T10:00:00Z&to=2026-02-10T11:00:00Z"],
    ["?from=1000&to=2000&compare=1d&top=max&events=0", { from: 1000, to: 2000, compare: "1d", top: "max", events: false }, "?from=1970-01-01T00:16:40Z&to=1970-01-01T00:33:20Z&compare=1d&top=max&events=0"],
  ];
  for (const [search, wanted, written] of cases) {
    const view = time.readView(search);
    assert.equal(view.problem, "", search);
    for (const [key, value] of Object.entries(wanted)) assert.equal(view[key], value, `${search} ${key}`);
    assert.equal(time.writeView(view, search), written);
  }
});

test("a page about a moment shows that until its address says another time", () => {
  const moment = "from=1000&to=2000";
  assert.deepEqual([time.readView("", moment).from, time.readView("?top=max", moment).to], [1000, 2000]);
  assert.equal(time.readView("?range=6h", moment).range, "6h");
  assert.equal(time.readView("?from=1&to=9", moment).to, 9);
  assert.equal(time.writeView(time.readView("?range=1h", moment), "?job=a", moment), "?job=a&range=1h", "else a reload would show the moment again");
  assert.equal(time.readView("", "").range, "1h");
});

test("an address that makes no sense is the last hour, and tells why", () => {
  for (const [search, word] of [["?range=2y", "range=2y"], ["?from=x&to=2000", "from="], ["?from=1000", "to="], ["?from=2000&to=1000", "From"], ["?from=1&to=999999999", "400 days"], ["?range=__proto__", "range"], ["?range=toString", "range"]]) {
    const view = time.readView(search);
    assert.equal(view.range, "1h", search);
    assert.match(view.problem, new RegExp(word.replace("?", "\\?")));
  }
});

test("typed times are local", () => {
  const cases = [
    ["2026-02-10 09:30", "2026-02-10T08:30:00Z"], ["2026-7-1 9:30", "2026-07-01T07:30:00Z"], ["2026-02-10T09:30:05", "2026-02-10T08:30:05Z"],
    ["2026-02-10", "2026-02-09T23:00:00Z"], ["09:30", "2026-02-10T08:30:00Z"], [" now ", "2026-02-10T12:00:00Z"],
  ];
  for (const [text, wanted] of cases) assert.equal(time.typedTime(text, "from", NOW), at(wanted), text);
  assert.equal(time.typedTime("", "to", NOW), NOW, "nothing is now, for the end");
  assert.equal(time.typedText(at("2026-02-10T08:30:05Z")), "2026-02-10 09:30:05");
  assert.equal(time.zoneText(NOW), "UTC+01:00 (Europe/Berlin)");
});

test("what is typed wrongly names its field", () => {
  for (const [from, to, field, word] of [
    ["", "now", "from", "From must be"], ["yesterday", "now", "from", "yesterday"], ["2026-02-30 10:00", "now", "from", "no 2026-02-30"], ["10:00", "25:00", "to", "no 25:00"],
    ["10:61", "now", "from", "no 10:61"], ["11:00", "10:00", "from", "before To"], ["2020-01-01", "now", "from", "400 days"], ["T", "now", "from", "From must"],
  ]) {
    assert.throws(() => time.typedWindow(from, to, NOW), (error) => error instanceof time.WrongTime && error.field === field && error.message.includes(word), `${from} ${to}`);
  }
});

test("zooming", () => {
  assert.deepEqual(time.zoomedOut({ from: 1000, to: 2000 }, NOW), { from: 500, to: 2500 });
  assert.deepEqual(time.zoomedOut({ from: NOW - 100, to: NOW }, NOW), { from: NOW - 200, to: NOW }, "not into the future");
  assert.deepEqual(time.zoomedIn({ from: 1000, to: 1002 }), { from: 996, to: 1006 });
  assert.equal(time.presetFor(4000), "6h");
  assert.ok(!time.isLive(time.fixed(time.readView(""), { from: 1.5, to: 9.5 })));
  assert.ok(time.isLive(time.following(time.readView("?from=1&to=9"), "6h")));
});

const line = (name, labels, points) => ({ name, labels, points });

test("lines are called by what tells them apart", () => {
  const cases = [
    [[["m", { host: "a", job: "x" }], ["m", { host: "b", job: "x" }]], ["a", "b"]],
    [[["m", { host: "a" }], ["n", { host: "a" }]], ["Em", "n"]],
    [[["m", { host: "a" }]], ["Em"]],
    [[["m", { host: "a" }], ["m", { host: "b" }], ["n", { host: "a" }]], ["Em · a", "Em · b", "n · a"]],
  ];
  for (const [series, names] of cases) assert.deepEqual(lineNames(series.map(([name, labels]) => line(name, labels, [])), { m: "Em" }), names);
  const highest = [line("m", { host: "a" }, []), line("m", { host: "b" }, [])];
  assert.deepEqual(lineNames(highest, { m: "Em", n: "En" }), ["Em · a", "Em · b"], "of two metrics only one is among the highest");
});

test("gaps stay gaps, and are no wider than the distance that samples have", () => {
  const gap = plotData({ series: [line("m", {}, [[0, 1], [10, 1], [20, 1], [100, 2], [110, 2]])] }, {}, { step: 10 });
  assert.deepEqual(gap.data, [[0, 10, 20, 30, 100, 110], [1, 1, 1, null, 2, 2]]);
  const slow = plotData({ series: [line("m", {}, [[0, 1], [60, 1], [120, 1], [180, 2]])] }, {}, { step: 10 });
  assert.deepEqual(slow.data[1], [1, 1, 1, 2], "a sample a minute is no gap");
  const told = plotData({ series: [line("m", {}, [[0, 1], [10, null], [20, 3]])] }, {}, { step: 10 });
  assert.deepEqual(told.data[1], [1, null, 3]);
  assert.equal(plotData({ series: [line("m", {}, [[0, null]])] }, {}, { step: 10 }), null);
  assert.deepEqual(tableRows(gap.data, 1, 3), [[110, 2], [100, 2], [20, 1]], "rows without a number are left out");
});

test("an earlier time is moved under the same names", () => {
  const series = [line("m", { host: "a" }, [[100, 1], [110, 2]]), line("m", { host: "b" }, [[100, 3], [110, 4]])];
  const earlier = [line("m", { host: "b" }, [[0, 7], [10, 8]]), line("m", { host: "gone" }, [[0, 1]])];
  const drawn = plotData({ series, earlier }, {}, { step: 10, shift: 100 });
  assert.deepEqual(drawn.pairs, [1]);
  assert.deepEqual(drawn.data, [[100, 110], [1, 2], [3, 4], [7, 8]]);
  assert.deepEqual(plotData({ series, earlier }, {}, { step: 10 }).pairs, [], "nothing is compared");
});

test("a file of numbers is safe in a spreadsheet", () => {
  for (const [text, wanted] of [["plain", "plain"], ["=1+1", "'=1+1"], ["+1", "'+1"], ["-1", "'-1"], ["@x", "'@x"], ["\tx", "'\tx"], ['a"b,c', '"a""b,c"'], ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`]]) assert.equal(csvText(text), wanted);
  const drawn = plotData({ series: [line("m", { host: "=cmd" }, [[0, 1.5], [10, -2], [90, 3]])], earlier: [line("m", { host: "=cmd" }, [[0, 5]])] }, {}, { step: 10, shift: 0 });
  assert.equal(csvOf(drawn), 'time,"m{host=""=cmd""}"\r\n1970-01-01T00:00:00Z,1.5\r\n1970-01-01T00:00:10Z,-2\r\n1970-01-01T00:01:30Z,3\r\n');
  assert.equal(fileName("RPC: time in queue", 0.5, "csv"), "rpc-time-in-queue-1970-01-01T000000Z.csv");
});

test("what is asked for", () => {
  const live = severalUrl("/s", ["metric=a&host=b", "metric=c"], { view: time.readView(""), window: { from: 0, to: 3600 }, points: 200, top: 10 });
  assert.equal(live, "/s?span=3600&points=200&top=10&by=mean&q=metric%3Da%26host%3Db&q=metric%3Dc");
  const still = severalUrl("/s", ["metric=a"], { view: time.readView("?from=10&to=20&top=all"), window: { from: 10, to: 20 }, points: 200, compare: 3600, top: 10 });
  assert.equal(still, "/s?from=10&to=20&points=200&compare=3600&q=metric%3Da");
  assert.deepEqual([0, 400, 5000].map(pointsFor), [120, 240, 400]);
});

test("events are marks within the range, with one at the end of what takes time", () => {
  const event = (from, until, tone) => ({ at: from, until, tone, title: "Stop" });
  const marks = marksOf([event(50, 150, "running"), event(120, null, "down"), event(0, 20, "running"), event(190, null, "changing")], { from: 40, to: 160 });
  assert.deepEqual(marks.map(({ at: when, tone }) => [when, tone]), [[50, "changing"], [120, "down"], [150, "running"]]);
  assert.equal(countText({ events: [], more: false }), "nothing");
  assert.equal(countText({ events: [1, 2], more: true }), "the newest 2; there are more");
});

test("numbers with their units", () => {
  for (const [value, unit, wanted] of [[1536, "bytes", "1.5 KB"], [null, "bytes", "–"], [63.04, "percent", "63 %"], [2_500_000, "count", "2.5M"], [12, "packets", "12 packets"], [250, "us", "250 µs"], [2500, "us", "2.5 ms"], [3_000_000, "ns", "3 ms"], [512, "MB", "512 MB"], [2048, "MB", "2 GB"]]) assert.equal(formatValue(value, unit), wanted);
});

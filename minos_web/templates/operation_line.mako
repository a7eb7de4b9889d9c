## Waves and their steps on a time line; drawn by the console, so that it stands still without scripts as well.
<%namespace name="parts" file="/parts.mako"/>

<%def name="picture()">
<section class="mn-panel" aria-labelledby="line-title" id="line">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="line-title">Time line</h2><p class="mn-panel__note">from ${show.utc(scale.begin)}${f" to {show.utc(scale.end)}" if scale.now is None else ""}\
% if waves_page.pages > 1:
, waves ${f"{waves_page.first:,}–{waves_page.last:,} of {waves_page.total:,}"}\
% endif
</p></header>
  <div class="mn-track">
  <div class="mn-track__row mn-track__row--scale" aria-hidden="true"><span></span><svg class="mn-track__scale">
    % for tick in ticks:
    <text class="mn-track__tick" x="${tick.left}%" y="11"${' text-anchor="end"' if tick.left > 92 else '' | n}>${"0" if not tick.seconds else show.duration(tick.seconds).replace(" 00 s", "").replace(".0 s", " s")}</text>
    % endfor
    % if scale.now is not None:
    <text class="mn-track__tick mn-track__tick--now" x="${scale.at(scale.now)}%" y="11" text-anchor="end">now</text>
    % endif
  </svg></div>
  <ol class="mn-track__lanes">
  % for lane in lanes:
    <li class="mn-track__row" id="lane-${lane.first}">
      <a class="mn-track__name" href="#wave-${lane.first}" title="${lane.title}">${lane.title or f"Wave {lane.first + 1}"}</a>
      <svg class="mn-track__lane" height="${lane.height}" role="img" aria-label="${lane_words(lane)}">
      % for tick in ticks[1:]:
      <line class="mn-track__grid" x1="${tick.left}%" x2="${tick.left}%" y1="0" y2="100%"/>
      % endfor
      % for bar in lane.bars:
      <rect class="mn-track__bar mn-track__bar--${bar.kind}" x="${bar.left}%" y="${bar.row * 7 + (4 if bar.kind in THIN else 1)}" width="${bar.width}%" height="${2 if bar.kind in THIN else 5}"/>
      % endfor
      % for mark in lane.diamonds:
      <svg x="${mark.left}%" y="${lane.height // 2}" overflow="visible"><path class="mn-track__mark mn-track__mark--${mark.kind}" d="M0 -6L6 0L0 6L-6 0Z"><title>${mark.title}</title></path></svg>
      % endfor
      % if scale.now is not None:
      <line class="mn-track__now" x1="${scale.at(scale.now)}%" x2="${scale.at(scale.now)}%" y1="0" y2="100%"/>
      % endif
      </svg>
    </li>
  % endfor
  </ol>
  % if any(lane.diamonds for lane in lanes):
  <ul class="mn-track__looks" aria-label="Looks at facts">
  % for lane in lanes:
    % for mark in lane.diamonds:
    <li class="mn-track__look mn-track__look--${mark.kind}"><a href="#step-${mark.step}">${mark.title}</a> <span class="mn-muted">in ${lane.title}</span></li>
    % endfor
  % endfor
  </ul>
  % endif
  </div>
</section>
</%def>

<%def name="lane_words(lane)">\
${lane.title}: \
% if not lane.bars and not lane.diamonds:
not begun\
% endif
${"; ".join([f"{show.count(bar.steps, 'step')} {WORDS.get(bar.kind, bar.kind)} from {show.duration((scale.end - scale.begin) * bar.left / 100)} to {show.duration((scale.end - scale.begin) * (bar.left + bar.width) / 100)}" for bar in lane.bars[:6]] + [mark.title for mark in lane.diamonds])}\
</%def>

<%!
THIN = ("failed", "unknown", "cancelled", "skipped")  # below the many that went well, not over them
WORDS = {"changing": "under way", "unknown": "without an answer"}
%>

## The frame around every page; a live part that htmx asks for comes without it.
<%! translated = False %>\
<%namespace name="parts" file="/parts.mako"/>\
% if frame.partial:
${next.body()}
% else:
<!doctype html>
<html lang="${language}" data-bs-theme="light">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="csrf-token" content="${get_csrf_token()}">
  <meta name="server-time" content="${show.iso(request.now)}">
  <meta name="csp-nonce" content="${request.csp_nonce}">
  <title>${_(title) + " · " if title else ""}Minos</title>
  <link rel="icon" type="image/svg+xml" href="${asset('favicon.svg')}">
  <link rel="stylesheet" href="${asset('style.css')}">
  <script src="${asset('theme.js')}"></script>
  <script src="${asset('app.js')}" defer></script>
  <%block name="head"/>
</head>
% if not frame.user:
<body class="mn-plain">
<a class="mn-skip" href="#main">${_("Skip to content")}</a>
<main class="mn-signin" id="main" tabindex="-1">
${next.body()}
</main>
</body>
% else:
<body>
<a class="mn-skip" href="#main">${_("Skip to content")}</a>
<div class="mn-frame">
  <aside class="mn-rail">
    <div class="mn-rail__head">
      <a class="mn-brand" href="${request.route_path('home')}"><svg class="mn-brand__mark" aria-hidden="true"><use href="${icons_url}#minos"/></svg><span class="mn-brand__word">Minos</span></a>
      <button class="mn-rail__toggle" type="button" data-bs-toggle="collapse" data-bs-target="#mn-nav" aria-expanded="false" aria-controls="mn-nav" aria-label="${_("Menu")}">${parts.icon("menu")}</button>
    </div>
    <nav class="mn-nav collapse" id="mn-nav" aria-label="${_("Main")}">
      <ul class="mn-nav__list">
        ${link("home", "home", "home", "Overview")}
        ${link("clusters", frame.clusters_route, "clusters", "Clusters")}
        ${below("tasks", "tasks", "Tasks")}
        ${link("hosts", "hosts", "hosts", "Hosts", frame.pulse.pending + frame.pulse.silent)}
        ${link("packages", "packages", "packages", "Packages")}
        ${link("operations", "operations", "operations", "Operations")}
        ${below("history", "history", "History")}
        ${below("schedules", "schedules", "Schedules")}
        % if request.console.settings.second_approver.strip():
        ${below("approvals", "approvals", "Approvals")}
        % endif
        ${link("alerts", "alerts", "alerts", "Alerts", frame.pulse.errors, "down", "errors that fire")}
        ${below("notifications", "notifications", "Notifications")}
        ${link("dashboards", "dashboards", "dashboards", "Dashboards")}
        ${below("counters", "counters", "Counters")}
        ${link("config", "config_tree", "config", "Configuration")}
        % if request.may("administer"):
        ${link("users", "users", "users", "Users")}
        ${below("audit", "audit", "Audit")}
        % endif
        ${link("help", "help", "help", "Help")}
      </ul>
      <div class="mn-nav__foot">
        <a class="mn-user" href="${request.route_path('account')}" title="${_("Your account")}">${parts.icon("user")}<span class="mn-user__name">${frame.user}</span><span class="mn-user__role">${_(frame.role)}</span></a>
        ${parts.language_choice()}
        <div class="mn-nav__tools">
          % if frame.sees_some:
          <a class="mn-iconbtn${' mn-iconbtn--brake' if frame.pulse.brakes else ''}" href="${request.route_path('brake')}" aria-label="${_("Emergency brake")}" title="${_("Emergency brake")}"${' aria-current="page"' if section == 'brake' else '' | n}>${parts.icon("brake")}</a>
          % endif
          <button type="button" class="mn-iconbtn" data-theme-toggle aria-label="${_("Switch between light and dark")}" title="${_("Switch between light and dark")}">${parts.icon("theme")}</button>
          <form method="post" action="${request.route_path('sign_out')}">${parts.csrf()}<button class="mn-iconbtn" aria-label="${_("Sign out")}" title="${_("Sign out")}">${parts.icon("sign-out")}</button></form>
        </div>
      </div>
    </nav>
  </aside>
  <div class="mn-page">
    <div class="mn-banner mn-banner--danger" id="contact-lost" role="alert" hidden>
      ${parts.icon("contact-lost")}
      <span data-contact-text>${_("No contact with the console.")}</span>
      <a class="mn-banner__action" href="" data-contact-reload>${_("Reload")}</a>
    </div>
    ${parts.brake_banner(frame.pulse)}
    <header class="mn-topline">
      <nav class="mn-crumbs" aria-label="${_("Breadcrumb")}"><ol><%block name="crumbs"><li aria-current="page">${_(title)}</li></%block></ol></nav>
      <div class="mn-topline__tools">
        % if frame.sees_all:
        ${parts.pulse(frame.pulse)}
        % endif
        % if frame.sees_some:
        <a class="mn-find" href="${request.route_path('search')}" data-palette-open aria-keyshortcuts="/ Control+K" title="${_("Search and commands: / or Ctrl+K")}">${parts.icon("search")}<span class="mn-find__word">${_("Search")}</span><kbd class="mn-find__key" aria-hidden="true">/</kbd></a>
        % endif
        <span class="mn-contact" data-contact-indicator data-word-live="${_("live")}" data-word-lost="${_("lost")}"></span>
      </div>
    </header>
    <main class="mn-main" id="main" tabindex="-1"${'' if language == 'en' or self.attr.translated else ' lang="en"' | n}>
      <div class="mn-flashes">
        % for kind, text in frame.flashes:
        ${parts.flash(kind, text)}
        % endfor
      </div>
      ${next.body()}
    </main>
  </div>
</div>
% if frame.sees_some:
<%include file="/palette.mako"/>
% endif
<div class="mn-toasts" id="mn-toasts" role="status" aria-live="polite"></div>
</body>
% endif
</html>
% endif

<%def name="link(name, route, icon, text, count=0, tone='warn', what='need a look')">\
% if frame.sees_all or route == "home":
<li><a class="mn-nav__link" href="${request.route_path(route)}"${' aria-current="page"' if name == section else '' | n}>${parts.icon(icon)}<span>${_(text)}</span>\
% if count:
<span class="mn-count mn-count--${tone}" title="${_(what)}">${count}</span>\
% endif
</a></li>
% endif
</%def>

## An entry below the one before it.
<%def name="below(name, route, text)">\
% if frame.sees_all:
<li><a class="mn-nav__link mn-nav__link--below" href="${request.route_path(route)}"${' aria-current="page"' if name == section else '' | n}><span>${_(text)}</span></a></li>
% endif
</%def>

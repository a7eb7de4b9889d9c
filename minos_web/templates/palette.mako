## The command palette and the list of shortcuts, on every page; scripts open them, the search page works without.
<%namespace name="parts" file="/parts.mako"/>\
<dialog class="mn-dialog mn-palette" id="palette" aria-label="${_("Search and commands")}" data-palette data-palette-url="${request.route_path('api_search')}">
  <div class="mn-palette__head">${parts.icon("search")}<input class="mn-palette__input" id="palette-input" type="text" role="combobox" aria-expanded="false" aria-controls="palette-list" aria-autocomplete="list" aria-label="${_("Search and commands")}" placeholder="Search, or restart zookeeper/…" maxlength="100" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="go"><button type="button" class="mn-iconbtn" data-dialog-close aria-label="${_("Close")}">${parts.icon("close")}</button></div>
  <div class="mn-palette__list" id="palette-list" role="listbox" aria-label="${_("Found")}"></div>
  <p class="mn-palette__status" id="palette-status" role="status"></p>
</dialog>
<dialog class="mn-dialog" id="shortcuts" aria-labelledby="shortcuts-title">
  <div class="mn-dialog__head"><h2 class="mn-dialog__title" id="shortcuts-title">${_("Keyboard shortcuts")}</h2></div>
  <div class="mn-dialog__body"><dl class="mn-keys">
    <div><dt><kbd>/</kbd> or <kbd>Ctrl</kbd>+<kbd>K</kbd></dt><dd><a href="${request.route_path('search')}">${_("Search and commands")}</a></dd></div>
    % for key, route, text in (("v", "home", "Overview"), ("c", frame.clusters_route, "Clusters"), ("h", "hosts", "Hosts"), ("p", "packages", "Packages"), ("o", "operations", "Operations"), ("a", "alerts", "Alerts"), ("d", "dashboards", "Dashboards"), ("s", "config_tree", "Configuration")):
    % if frame.sees_all:
    <div><dt><kbd>g</kbd> <kbd>${key}</kbd></dt><dd><a data-shortcut="${key}" href="${request.route_path(route)}">${_(text)}</a></dd></div>
    % endif
    % endfor
    <div><dt><kbd>?</kbd></dt><dd>${_("This list")}</dd></div>
  </dl></div>
  <div class="mn-dialog__foot"><button type="button" class="btn btn-outline-secondary" data-dialog-close>${_("Close")}</button></div>
</dialog>

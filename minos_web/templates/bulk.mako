<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.crumb(doing.back, section.capitalize())}${parts.here(title)}</%block>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">${title}</h1>
  <p class="mn-head__sub">\
% if not doing.name:
Nothing was chosen.\
% elif doing.looked:
Nothing is done yet: this is what would come of it.\
% else:
${f"{len(doing.good):,}"} done, ${f"{len(doing.skipped):,}"} skipped.\
% endif
</p></div>
  <div class="mn-head__actions"><a class="btn btn-outline-secondary" href="${doing.back}">${parts.icon("arrow-left")} Back to the list</a></div></header>
% if doing.error:
${parts.flash("danger", doing.error)}
% endif
% if doing.looked and (doing.good or (doing.name in ("maintenance", "silence") and doing.ids)):
<section class="mn-panel" aria-label="Confirm">
  <form class="mn-form mn-panel__body" method="post" action="${request.path}" id="go"${f' data-confirm data-confirm-expect="{doing.typed}"' if doing.typed else '' | n}>
    ${parts.csrf()}<input type="hidden" name="do" value="${doing.name}"><input type="hidden" name="go" value="1">
    % if doing.name != "approve":
    % for number in doing.ids:
<input type="hidden" name="pick" value="${number}">\
    % endfor
    % endif
    % if doing.name in ("maintenance", "silence"):
    <div class="mn-field mn-field--row">
    ${parts.text("reason", "Reason", given["reason"], help="What is done; whoever looks reads it.", optional=doing.name == "maintenance")}
    ${parts.text("hours", "Hours", given["hours"], help="It ends by itself after them." if doing.name == "silence" else "It ends by itself after them; empty: when somebody says so.", optional=doing.name == "maintenance", extra='inputmode="decimal"')}
    </div>
    % endif
    % if doing.typed:
    ${parts.text("confirm", f"Type “{doing.typed}” to confirm", "", extra='data-confirm-input autocomplete="off" autocapitalize="off" spellcheck="false"')}
    % endif
    <div class="mn-form__foot"><button class="btn ${'btn-danger' if doing.typed else 'btn-primary'}" data-confirm-submit>${doing.title} ${f"the ticked hosts" if doing.name == "approve" else doing.scope}</button></div>
  </form>
</section>
% endif
% if doing.good:
<section class="mn-panel" aria-labelledby="good-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="good-title">${"What would be done" if doing.looked else "Done"}</h2></header>
  ${fates(doing.good, "All that are done")}
</section>
% endif
% if doing.skipped:
<section class="mn-panel" aria-labelledby="skipped-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="skipped-title">Skipped</h2><p class="mn-panel__note">left as they are, each for its reason</p></header>
  ${fates(doing.skipped, "All that are skipped")}
</section>
% endif
% if doing.name and not doing.fates and not doing.error:
<section class="mn-panel"><%parts:empty icon_name="info" heading="There is nothing to do it with"><p><a href="${doing.back}">Back to the list</a></p></%parts:empty></section>
% endif
</div>

<%def name="fates(found, caption)">
<% picks = doing.looked and any(one.pick for one in found) %>
<div class="mn-tablewrap"><table class="mn-table mn-table--cards">
  <caption class="visually-hidden">${caption}</caption>
  <thead><tr>
  % if picks:
  <th scope="col" class="mn-table__pick"><span class="visually-hidden">Choose</span></th>
  % endif
  <th scope="col">${"Host" if section == "hosts" and doing.name not in ("start", "stop", "restart") else "Of"}</th><th scope="col">${"Fingerprint" if doing.name == "approve" else "About"}</th><th scope="col">${"Reason" if not found[0].done else "What"}</th></tr></thead>
  <tbody>
  % for one in found:
  <tr>
  % if picks:
  <td class="mn-table__pick"><input class="form-check-input" type="checkbox" name="pick" value="${one.pick}" form="go" aria-label="${one.name}"></td>
  % endif
  <th scope="row" data-label="Of">\
% if one.url:
<a href="${one.url}">${one.name}</a>\
% else:
${one.name}\
% endif
</th><td data-label="About"><span class="mn-mono">${one.more}</span></td><td data-label="What" class="mn-table__words">${show.sentence(one.said)}</td></tr>
  % endfor
  </tbody></table></div>
</%def>

## How tasks run, and where that is written.

<%def name="written(place, default)">\
% if place:
<a class="mn-mono" href="${request.route_path('config_file', path=place.file)}">${place}</a>\
% else:
${default}\
% endif
</%def>

<%def name="reboot(after)">\
${"A task that ran when its host went down comes back by itself" if after.comes_back else "Stays down until somebody starts it"} \
<span class="mn-muted">(<code>start_at_boot</code>: ${written(after.place, "yes by default")})</span>\
</%def>

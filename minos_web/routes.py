"""Every URL, on one page."""

from pyramid.config import Configurator

PAGES = (
    ("home", "/"),
    ("pulse", "/pulse"),
    ("sign_in", "/sign-in"),
    ("sign_out", "/sign-out"),
    ("account", "/account"),
    ("account_password", "/account/password"),
    ("account_tokens", "/account/tokens"),
    ("users", "/admin/users"),
    ("audit", "/admin/audit"),
    ("hosts", "/hosts"),
    ("host", "/hosts/{name}"),
    ("host_key", "/hosts/{name}/new-key"),
    ("host_decide", "/hosts/{id:\\d+}/{decision:approve|reject|revoke}"),
    ("workers_upgrade", "/workers/upgrade"),
    ("workers_own", "/workers/own"),
    ("workers_install", "/workers/install"),
    ("workers_token", "/workers/tokens/{id:\\d+}/revoke"),
    ("install_script", "/install/worker.sh"),
    ("install_wheel", "/install/wheels/{name}"),
    ("packages", "/packages"),
    ("package_upload", "/packages/upload"),
    ("config_tree", "/config"),
    ("config_new", "/config-new"),
    ("config_check", "/config-check/{path:.+}"),
    ("config_history", "/config-history/{path:.+}"),
    ("config_file", "/config/{path:.+}"),
    ("operations", "/operations"),
    ("operation", "/operations/{id:\\d+}"),
    ("operation_control", "/operations/{id:\\d+}/{verb:pause|resume|cancel|retry}"),
    ("clusters_new", "/clusters/new"),
    ("cluster", "/clusters/{service}/{cluster}"),
    ("cluster_act", "/clusters/{service}/{cluster}/act/{action}"),
    ("cluster_charts", "/clusters/{service}/{cluster}/charts"),
    ("cluster_history", "/clusters/{service}/{cluster}/history"),
    ("task", "/clusters/{service}/{cluster}/tasks/{job}/{number:\\d+}"),
    ("task_files", "/clusters/{service}/{cluster}/tasks/{job}/{number:\\d+}/files"),
    ("task_ignore", "/clusters/{service}/{cluster}/tasks/{job}/{number:\\d+}/ignore"),
    ("task_log", "/clusters/{service}/{cluster}/tasks/{job}/{number:\\d+}/log"),
    ("task_log_chunk", "/clusters/{service}/{cluster}/tasks/{job}/{number:\\d+}/log-chunk"),
    ("task_log_fetch", "/clusters/{service}/{cluster}/tasks/{job}/{number:\\d+}/log/fetch"),
    ("task_log_clear", "/clusters/{service}/{cluster}/tasks/{job}/{number:\\d+}/log/clear"),
    ("log_file_cancel", "/log-files/{id:\\d+}/cancel"),
    ("help", "/help"),
    ("help_page", "/help/{page}"),
    ("healthz", "/healthz"),
    ("metrics", "/metrics"),
)

API = (
    ("api_healthz", "/healthz"),
    ("api_openapi", "/openapi.json"),
    ("api_metrics", "/metrics"),
    ("api_hosts", "/hosts"),
    ("api_host", "/hosts/{name}"),
    ("api_host_key", "/hosts/{name}/rotate-key"),
    ("api_host_decide", "/hosts/{name}/{decision:approve|reject|revoke}"),
    ("api_workers_operations", "/workers/operations"),
    ("api_workers_tokens", "/workers/tokens"),
    ("api_packages", "/packages"),
    ("api_packages_latest", "/packages/latest"),
    ("api_package_file", "/packages/{id:\\d+}/file"),
    ("api_config", "/config"),
    ("api_config_revisions", "/config/{path:.+}/revisions"),
    ("api_config_file", "/config/{path:.+}"),
    ("api_clusters", "/clusters"),
    ("api_cluster", "/clusters/{service}/{cluster}"),
    ("api_tasks", "/clusters/{service}/{cluster}/tasks"),
    ("api_logs", "/clusters/{service}/{cluster}/tasks/{job}/{number:\\d+}/logs"),
    ("api_logs_fetch", "/clusters/{service}/{cluster}/tasks/{job}/{number:\\d+}/logs/fetch"),
    ("api_logs_clear", "/clusters/{service}/{cluster}/tasks/{job}/{number:\\d+}/logs/clear"),
    ("api_log_file", "/log-files/{id:\\d+}"),
    ("api_log_file_bytes", "/log-files/{id:\\d+}/file"),
    ("api_log_file_piece", "/log-files/{id:\\d+}/piece"),
    ("api_plan", "/clusters/{service}/{cluster}/plan"),
    ("api_cluster_operations", "/clusters/{service}/{cluster}/operations"),
    ("api_operations", "/operations"),
    ("api_operation", "/operations/{id:\\d+}"),
    ("api_operation_control", "/operations/{id:\\d+}/{verb:pause|resume|cancel|retry}"),
    ("api_questions", "/questions"),
    ("api_question", "/questions/{id:\\d+}"),
    ("api_series", "/series"),
    ("api_alerts", "/alerts"),
)

API_PREFIX = "/api/v1"


def includeme(config: Configurator) -> None:
    """Pages first, then the API below its prefix."""
    for name, path in PAGES:
        config.add_route(name, path)
    for name, path in API:
        config.add_route(name, API_PREFIX + path)

"""Packages, entry points and dependencies of Minos; the front-end bundle is built on the way."""

import re
import sys
from pathlib import Path

from setuptools import find_namespace_packages, setup

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from build_assets import setup_requires  # noqa: E402 - it lies beside this file, as the next one
from build_dist import COMMANDS  # noqa: E402

TOLD = (HERE / "minos_common/version.py").read_text()
VERSION, PYTHON = (re.search(rf'^{name} = "([^"]+)"', TOLD, re.MULTILINE).group(1) for name in ("VERSION", "PYTHON"))

WORKER = [
    line for line in (HERE / "minos_worker/requirements.txt").read_text().splitlines() if not line.startswith("#")
]
SERVER = [
    "pyramid>=2.1,<3",
    "setuptools>=78.1.1,<82",
    "pyramid_mako>=1.1,<2",
    "Mako>=1.4.3,<2",
    "pyramid_tm>=2.6,<3",
    "pyramid_retry>=2.1.1,<3",
    "zope.sqlalchemy>=4.1,<5",
    "SQLAlchemy>=2.1.9,<2.2",
    "alembic>=1.20,<2",
    "waitress>=3.0.2,<4",
    "APScheduler>=3.11.3,<4",
    "cronsim>=2.8,<3",
    "tzdata>=2026.1",
    "argon2-cffi>=25.1,<26",
    "cryptography>=46,<51",
    "WTForms>=3.3.2,<4",
    "limits>=5.8,<6",
    "kazoo>=2.11,<3",
    "prometheus-client>=0.26,<1",
    "numpy>=2.3,<3",
    "apprise>=2.2,<3",
    "pyotp>=2.12,<3",
    "segno>=1.6.6,<2",
    "ldap3>=2.9.1,<3",
    "Authlib>=1.9.10,<2",
    "joserfc>=1.8,<2",
]
POSTGRESQL = ["psycopg[binary]>=3.2,<4"]
MYSQL = ["PyMySQL>=1.1,<2"]
BENCH = ["supervisor>=4.3,<5"]
DOCS = [
    "properdocs>=1.6.7,<2",
    "properdocs-theme-mkdocs>=1.6.7,<2",
    "Markdown>=3.11,<4",
    "Pygments>=2.21,<3",
    "pillow>=13,<14",
]
TEST = [
    "pytest>=9.2,<10",
    "pytest-timeout>=2.4,<3",
    "pytest-xdist>=3.8,<4",
    "WebTest>=3.0.7,<4",
    "aiosmtpd>=1.4.6,<2",
    "hypothesis>=6.170,<7",
    "configobj>=5.0.9,<6",
    "javaproperties>=0.8.2,<1",
    "PyYAML>=6,<7",
    "time-machine>=3.6,<4",
    "babel>=2.19,<3",
    "oidc-provider-mock>=0.3.4,<0.4",
    "openapi-spec-validator>=0.8,<1",
    "playwright>=1.65,<2",
    "schemathesis>=4.32,<5",
    "selectolax>=1,<2",
    "ruff>=0.17,<0.18",
    "mypy>=2.4,<3",
]

setup(
    name="minos-console",
    version=VERSION,
    long_description=(HERE / "README.md").read_text(),
    long_description_content_type="text/markdown",
    description="Deploys, runs and watches ZooKeeper, HDFS, YARN, HBase, Impala, Kafka and Storm from the browser",
    license="Apache-2.0",
    python_requires=PYTHON,
    packages=[
        # A checkout may have links where these directories lie in a wheel.
        *find_namespace_packages(
            include=["minos_common*", "minos_worker*", "minos_web*"],
            exclude=["*__pycache__*", "minos_web.static*", "minos_web.migrations*", "minos_web.deploy*"],
        ),
        "minos_web.static",
        "minos_web.migrations",
        "minos_web.deploy",
    ],
    package_dir={
        "minos_web.static": "static",
        "minos_web.migrations": "alembic",
        "minos_web.deploy": "deploy",
    },
    cmdclass=COMMANDS,
    setup_requires=setup_requires(),
    package_data={
        "minos_worker": ["requirements.txt"],
        "minos_web": [
            "locale/*/LC_MESSAGES/minos.mo",
            "templates/**/*.mako",
            "catalog/**/*",
            "install/*.sh",
            "views/api/*.json",
        ],
        "minos_web.static": ["dist/*"],
        "minos_web.migrations": ["*.mako", "versions/*.py"],
        "minos_web.deploy": ["*"],
    },
    exclude_package_data={"": ["*.pyc", "*/__pycache__/*"]},
    # The whole console. Hosts take the distribution minos-worker, which needs what WORKER names alone (make dist).
    install_requires=[*WORKER, *SERVER],
    extras_require={
        "server": [],  # what it once stood for comes without asking
        "test": [*TEST, *BENCH, *DOCS, *POSTGRESQL, *MYSQL],
        "bench": BENCH,
        "docs": DOCS,
        "postgresql": POSTGRESQL,
        "mysql": MYSQL,
    },
    entry_points={
        "paste.app_factory": ["main = minos_web:main"],
        "paste.server_runner": ["serve = minos_web.serve:serve"],
        "console_scripts": [
            "minos-worker = minos_worker.__main__:main",
            "minos-engine = minos_web.serve:engine_alone",
            "minos-init = minos_web.scripts.initialize:main",
            "minos-user = minos_web.scripts.user:main",
            "minos-backup = minos_web.scripts.backup:backup",
            "minos-restore = minos_web.scripts.backup:restore",
            "minos-packages = minos_web.scripts.packages:main",
            "minos-deploy-files = minos_web.scripts.deploy_files:main",
        ],
    },
)

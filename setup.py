"""Packages, entry points and dependencies of Minos; the front-end bundle is built on the way."""

import re
import sys
from pathlib import Path

from setuptools import find_namespace_packages, setup

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from build_assets import BuildWithCatalogues  # noqa: E402 - it lies beside this file

VERSION = re.search(r'VERSION = "([^"]+)"', (HERE / "minos_common/version.py").read_text()).group(1)

WORKER = [
    "pyzmq>=27.1,<28",
    "psutil>=7.2.2,<8",
    "msgspec>=0.22,<1",
    "requests>=2.34.2,<3",
    "filelock>=4.2,<5",
    "packaging>=25,<27",
    "thriftpy2>=0.7.1,<1",
    "kafka-python>=3.0.12,<4",
    "backports.zstd>=1.3,<2; python_version < '3.14'",
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
    description="Deploys, runs and watches ZooKeeper, HDFS, YARN, HBase, Impala, Kafka and Storm from the browser",
    license="Apache-2.0",
    python_requires=">=3.11",
    packages=[
        *find_namespace_packages(include=["minos_common*", "minos_worker*", "minos_web*"]),
        "minos_web.static",
        "minos_web.migrations",
    ],
    package_dir={"minos_web.static": "static", "minos_web.migrations": "alembic"},
    cmdclass={"build_py": BuildWithCatalogues},
    package_data={
        "minos_web": [
            "locale/*/LC_MESSAGES/minos.mo",
            "templates/**/*.mako",
            "catalog/**/*",
            "install/*.sh",
            "views/api/*.json",
        ],
        "minos_web.static": ["dist/*"],
        "minos_web.migrations": ["*.mako", "versions/*.py"],
    },
    install_requires=WORKER,
    extras_require={
        "server": SERVER,
        "test": [*SERVER, *TEST, *BENCH, *POSTGRESQL, *MYSQL],
        "bench": BENCH,
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
        ],
    },
)

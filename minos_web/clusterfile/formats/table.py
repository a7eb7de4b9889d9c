"""The table of formats: name in a service folder -> renderer."""

from minos_web.clusterfile.formats import jaas, key_table, properties, site_xml, yaml
from minos_web.clusterfile.formats.chunks import Renderer

FORMATS: dict[str, Renderer] = {
    "site-xml": site_xml.render,
    "properties": properties.render,
    "key-table": key_table.render,
    "jaas": jaas.render,
    "yaml": yaml.render,
}

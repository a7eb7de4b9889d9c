<?xml version="1.0"?>
<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0">
  <xsl:output method="html"/>
  <xsl:template match="configuration">
    <dl><xsl:for-each select="property"><dt><xsl:value-of select="name"/></dt><dd><xsl:value-of select="value"/></dd></xsl:for-each></dl>
  </xsl:template>
</xsl:stylesheet>

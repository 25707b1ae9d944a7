"""How long a report takes to open in headless Chromium: python3 benches/opening.py REPORT [TIMES]

Times are those of the Performance API of the page, from the beginning of the navigation to the end of `load`, and to
the first paint after it. The browser is started once; the first opening is told apart, because it fills its caches.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

page = pathlib.Path(sys.argv[1]).resolve()
times = int(sys.argv[2]) if len(sys.argv) > 2 else 7
program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])))
MEASURE = """new Promise((done) => requestAnimationFrame(() => setTimeout(() => {
const [entry] = performance.getEntriesByType("navigation");
done({ loaded: entry.loadEventEnd, painted: performance.now(), nodes: document.querySelectorAll("*").length });
})))"""

with tempfile.TemporaryDirectory() as profile:
    inward, outward = os.pipe(), os.pipe()
    command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe"]
    shell = ["bash", "-c", f'exec "$@" 3<&{inward[0]} 4>&{outward[1]}', "bash"]
    browser = subprocess.Popen(
        [*shell, *command, f"--user-data-dir={profile}"],
        pass_fds=[inward[0], outward[1]],
        stderr=subprocess.DEVNULL,
    )
    heard, session, last, loaded = b"", None, 0, False

    def hear():
        global heard, loaded
        while b"\0" not in heard:
            heard += os.read(outward[0], 1 << 16)
        message, heard = heard.split(b"\0", 1)
        message = json.loads(message)
        loaded = loaded or message.get("method") == "Page.loadEventFired"
        return message

    def call(method, **params):
        global last
        last += 1
        message = {"id": last, "method": method, "params": params, **({"sessionId": session} if session else {})}
        os.write(inward[1], json.dumps(message).encode() + b"\0")
        while True:
            answer = hear()
            if answer.get("id") == last:
                return answer["result"]

    target = call("Target.createTarget", url="about:blank")
    session = call("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
    call("Page.enable")
    call("Emulation.setDeviceMetricsOverride", width=1200, height=900, deviceScaleFactor=1, mobile=False)
    found = []
    for _ in range(times):
        loaded = False
        call("Page.navigate", url=f"file://{page}")
        while not loaded:
            hear()
        found.append(call("Runtime.evaluate", expression=MEASURE, awaitPromise=True, returnByValue=True)["result"]["value"])
    browser.kill()
    browser.wait()

print(f"{page.stat().st_size / 1e6:.2f} MB, {found[0]['nodes']} elements")
print(f"first opening: loaded in {found[0]['loaded']:.0f} ms, painted by {found[0]['painted']:.0f} ms")
for what in ["loaded", "painted"]:
    values = sorted(one[what] for one in found[1:])
    print(f"{what} later: median {values[len(values) // 2]:.0f} ms, most {values[-1]:.0f} ms")

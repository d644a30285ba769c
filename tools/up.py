"""`make up`: the whole city with the world around it, under one supervisor, until Ctrl-C.

`python -m tools.up [folder]`: queues and the world's memory lie in `folder`, usually var/up. ETAX_BROKER_URL, if set,
names the broker instead.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from tools.checkout import CHECKOUT, PYTHON, VAR
from tools.ports import Ports, usual_ports
from tools.programs import faces_and_jobs
from tools.supervisor import ProgramDidNotStart, Supervisor
from tools.world import environment_of_faces, sandbox_programs


async def serve(ports: Ports, folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    env = {"ETAX_LOG_STYLE": "text", **environment_of_faces(ports, folder / "sandbox")}
    if broker := os.environ.get("ETAX_BROKER_URL"):
        env["ETAX_BROKER_URL"] = broker
    programs = [*sandbox_programs(ports, folder / "sandbox"), *faces_and_jobs(ports, env, folder)]
    supervisor = Supervisor(programs, folder=CHECKOUT)
    stopped = asyncio.create_task(supervisor.run_until_stopped())
    started = asyncio.create_task(supervisor.start())
    try:
        await asyncio.wait({started, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if started.done():
            started.result()
            print(await asyncio.to_thread(welcome, ports), flush=True)
        await stopped
    except ProgramDidNotStart as error:
        print(f"up: {error}", file=sys.stderr)
        return 1
    finally:
        started.cancel()
        stopped.cancel()
        await supervisor.stop()
    print("up: all stopped")
    return 0


def welcome(ports: Ports) -> str:
    """Addresses, and sign-ins of people who do not exist."""
    samples = subprocess.run(
        [str(PYTHON), "manage.py", "make_samples", "--roll"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    return f"""
  Citizens        {ports.url("public")}
  Office          {ports.url("office")}
  Intake          {ports.url("intake")}   (gateways call it; there are no pages)
  Acquirer, bank  {ports.url("acquirer")}/bank
  Toss Payments   {ports.url("toss")}/bank   (serves what the office's page "Gateways" gives it)
  Cash machine    {ports.url("atm")}
  City's banks    {ports.url("bank")}   (transfers to the city, told by files; end of the day)
  Identity        {ports.url("identity")}
  Mail that came  {ports.url("mail")}
  Texts that came {ports.url("sms")}
  A telephone     {ports.url("acquirer")}/phone   (where a card is typed on its keys)

{samples.stdout or samples.stderr}
  Ctrl-C stops everything but the database (`make down` stops that too).
"""


if __name__ == "__main__":
    sys.exit(asyncio.run(serve(usual_ports(), Path(sys.argv[1]) if len(sys.argv) > 1 else VAR / "up")))

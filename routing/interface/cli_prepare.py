"""`routing prepare`."""

from __future__ import annotations


def prepare() -> None:
    """Compile everything once, so that the first plan is as quick as all others; run it after installing.

    Nothing fails without it: what is missing is compiled when it is first needed.
    """
    from routing.interface.stopwatch import Stopwatch
    from routing.interface.terminal import stage_progress, stdout
    from routing.plan.engines.registry import EngineName, part_of
    from routing.plan.engines.worker import prepare as prepare_engine

    prepare_engine()  # in a process of its own, beside this one
    with stage_progress() as status:
        watch = Stopwatch(on_stage=lambda stage: status.update(f"{stage} …"))
        watch.start("travel times")
        from routing.travel.prepare import prepare_roads

        prepare_roads()
        watch.start("engines")
        for engine in EngineName:
            for walked in (False, True):
                prepare_engine(part_of(engine, walked=walked), wait=True)
        watch.stop()
    total_s = sum(seconds for _, seconds in watch.stages)
    stdout().print(f"Ready: kernels are compiled and kept for later runs; {total_s:.0f} s.")

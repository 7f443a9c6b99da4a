"""A bench and its record."""

from widgets import Bench

PATIENCE = 120


def test_a_bench_opens_its_record_with_history_and_designs(prompt, model, tmp_path):
    bench = Bench(prompt, model=model)
    bench.prompt = bench.prompt.mask(slice(4, 8), "sequence")
    bench.run("sequence:2", seed=3)
    assert bench.wait(PATIENCE)
    again = Bench(bench.save(tmp_path / "x.design"), model=model)
    assert again.session.history == bench.session.history
    assert again.designs["sequence"].tolist() == bench.designs["sequence"].tolist()
    again.show("design-1")
    again.undo()
    assert not again.prompt.masked("sequence").any()

"""Two windows of the program, and the clipboard between them."""


def test_nodes_go_from_one_window_to_another_with_their_block(bench) -> None:
    one, other = bench("resnet34-notebook"), bench()
    source = one.session.document
    one.session.select(["entry_conv", "entry_pool", "group_64"])
    one.canvas.copy()
    other.canvas.paste()
    pasted = other.session.document
    assert pasted.network.nodes.keys() == {"entry_conv", "entry_pool", "group_64"}
    wires = {(edge.source, edge.target) for edge in pasted.network.edges}
    assert wires == {("entry_conv", "entry_pool"), ("entry_pool", "group_64")}
    block = source.network.nodes["group_64"].type
    assert pasted.blocks[block].graph.nodes.keys() == source.blocks[block].graph.nodes.keys()
    assert pasted.network.nodes["group_64"].repeat == source.network.nodes["group_64"].repeat
    assert one.session.document is source
    other.session.history.undo()
    assert not other.session.document.network.nodes
    assert not other.session.document.blocks

"""What orders must keep besides the clock: who serves what, in which order, with what on board.

In comes an order of stop ids with depot ids between its trips; out comes each `Breach`, in words and with how far the
bound would have to give. One file holds one family of rules; `order` joins those of one vehicle, `stock` those across
routes. The room knows no instants: what the clock finds is told by `Clock.breaches`.
"""

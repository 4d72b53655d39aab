"""Every request of every command, answered wrongly in every way: what the step then says is compared with what localhub has."""

"""What `suivi` tells, a module a subject: tasks, ageing by fund, debts, the guarantee of payment, claims."""

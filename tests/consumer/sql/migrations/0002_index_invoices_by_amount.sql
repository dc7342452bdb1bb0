-- The report of large invoices reads by amount.
create index invoices_amount on invoices (amount);

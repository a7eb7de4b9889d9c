"""The hand on each host: carries out what the console asks and keeps the processes of services alive."""

"""Local Jira, Trello and Asana over one seeded, made-up payments company: the demo's world and the tests' far side."""

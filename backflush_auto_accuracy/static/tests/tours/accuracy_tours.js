import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("backflush_proposal", {
  steps: () => [
    {
      content: "The proposal says what is wrong, and how sure that is",
      trigger: ".o_data_row:contains(Bolt) td[name=proposed_value]:contains(4.4)",
    },
    {
      trigger: ".o_data_row:contains(Bolt) td[name=product_id]",
      run: "click",
    },
    {
      trigger:
        ".o_form_view .o_field_widget[name=explanation]:contains(Bolt for Chair: 4.00)",
    },
    {
      content: "One click writes the line",
      trigger: "button[name=action_accept]",
      run: "click",
    },
    {
      trigger: ".o_statusbar_status .o_arrow_button_current:contains(Accepted)",
    },
    {
      content: "And one takes it back",
      trigger: "button[name=action_undo]",
      run: "click",
    },
    {
      trigger: ".o_statusbar_status .o_arrow_button_current:contains(Undone)",
    },
  ],
});

registry.category("web_tour.tours").add("backflush_unreported", {
  steps: () => [
    {
      content: "Each component was found short",
      trigger: ".o_data_row:contains(Board):contains(Not reported)",
    },
    {
      trigger: ".o_data_row:contains(Bolt) td[name=product_id]",
      run: "click",
    },
    {
      content: "All of them tell of the same tables",
      trigger:
        ".o_form_view .o_field_widget[name=explanation]:contains(All components of Table are off in proportion: 20 not reported.)",
    },
    {
      trigger: ".o_form_view .nav-link[name=shares]",
      run: "click",
    },
    {
      content: "And the difference is spread over the postings in between",
      trigger:
        ".o_field_widget[name=share_ids] .o_data_row td[name=quantity]:contains(80)",
    },
  ],
});

registry.category("web_tour.tours").add("backflush_accuracy_dashboard", {
  steps: () => [
    {
      trigger: ".o_backflush_dashboard button[name=records]:contains(%)",
    },
    {
      content: "Odoo's own graphs show what the figures are made of",
      trigger: ".o_backflush_graph[name=records] canvas",
    },
    {
      trigger: ".o_backflush_dashboard button[name=boms]",
      run: "click",
    },
    {
      trigger: ".o_list_view .o_data_row td[name=bom_id]:contains(Chair)",
    },
  ],
});

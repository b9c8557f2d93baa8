import {registry} from "@web/core/registry";

const CUSTOMER = ".o_data_row:contains(Recall customer)";

registry.category("web_tour.tours").add("backflush_recall", {
  steps: () => [
    {
      content: "The lot of boards is bad",
      trigger: "button[name=action_backflush_recall]",
      run: "click",
    },
    {
      trigger:
        ".breadcrumb-item.active:contains(Recall of B1), .o_breadcrumb:contains(Recall of B1)",
    },
    {
      content: "Who got chairs of it, and how sure that is",
      trigger: `${CUSTOMER}:contains(C1) [name=certainty]:contains(Certain)`,
    },
    {
      content: "What was probably made of it, too",
      trigger: ".o_data_row:contains(C2) [name=certainty]:contains(Assumed)",
    },
    {
      content: "Only what is certain",
      trigger: ".o_searchview_dropdown_toggler",
      run: "click",
    },
    {
      trigger: ".o_filter_menu .o_menu_item:contains(/^Certain$/)",
      run: "click",
    },
    {
      trigger: ".o_list_view:not(:has(.o_data_row:contains(C2)))",
    },
    {
      content: "A line opens what it is about",
      trigger: `${CUSTOMER} [name=kind]`,
      run: "click",
    },
    {
      trigger: ".o_form_view .o_field_widget[name=partner_id]",
    },
    {
      trigger: ".o_back_button, .breadcrumb-item:last a",
      run: "click",
    },
    {
      content: "The chair, and what it was made of",
      trigger: ".o_data_row:contains(C1):contains(Stock on Hand) [name=kind]",
      run: "click",
    },
    {
      trigger: ".o_form_view button[name=action_backflush_contents]",
      run: "click",
    },
    {
      trigger: ".o_data_row:contains(B1) [name=certainty]:contains(Certain)",
    },
  ],
});

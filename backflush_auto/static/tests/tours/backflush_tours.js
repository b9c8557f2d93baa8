import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const componentCell = (product, name) =>
  `.o_data_row:has(td[name=product_id]:contains(${product})) td[name=${name}]`;

registry.category("web_tour.tours").add("backflush_bom", {
  steps: () => [
    {
      content: "Open the bill of materials of the chair",
      trigger: ".o_data_row td[name=code]:contains(TOUR)",
      run: "click",
    },
    {
      content: "No component has a method to choose while the switch is off",
      trigger:
        ".o_form_view .o_field_widget[name=bom_line_ids]:not(:has(th[data-name=backflush_method]))",
    },
    {
      content: "Switch backflushing on",
      trigger: ".o_field_widget[name=backflush] input",
      run: "click",
    },
    {
      content: "A component follows its product unless its line says otherwise",
      trigger: `${componentCell("Board", "backflush_method")}:contains(As the product)`,
    },
    {
      trigger: componentCell("Bolt", "backflush_method"),
      run: "click",
    },
    {
      trigger: "td[name=backflush_method] .o_select_menu_toggler",
      run: "click",
    },
    {
      trigger: ".o_select_menu_item:contains(Manual)",
      run: "click",
    },
    {
      content: "The choice has arrived",
      trigger: "td[name=backflush_method] .o_select_menu_toggler:value(Manual)",
    },
    ...stepUtils.saveForm(),
    {
      trigger: `${componentCell("Bolt", "backflush_method")}:contains(Manual)`,
    },
  ],
});

const summary = ".modal .o_field_widget[name=backflush_summary]";
const firstLineButton = ".o_data_row:first .backflush_open_line";

registry.category("web_tour.tours").add("backflush_line", {
  steps: () => [
    {
      content: "Nothing is saved yet: the quantity is changed in the list only",
      trigger: componentCell("Board", "product_qty"),
      run: "click",
    },
    {
      trigger: "td[name=product_qty] input",
      run: "edit 3 && press Tab",
    },
    {
      trigger: firstLineButton,
      run: "click",
    },
    {
      content: "A key too many alters nothing: no field has the focus",
      trigger: ".modal .alert:focus",
    },
    {
      content: "The line says what it means",
      trigger: `${summary}:contains(3 × 100 = 300 Units of Board)`,
    },
    {
      trigger: ".modal .o_field_widget[name=backflush_scrap] input",
      run: "edit 5 && press Tab",
    },
    {
      trigger: `${summary}:contains(3 × 100 + 5 % = 315 Units of Board)`,
    },
    {
      trigger: ".modal .o_form_button_save",
      run: "click",
    },
    {
      trigger: "body:not(:has(.modal))",
    },
    {
      content: "What was changed is still there when the line is opened again",
      trigger: firstLineButton,
      run: "click",
    },
    {
      trigger: ".modal .o_field_widget[name=backflush_scrap] input:value(5)",
    },
    {
      trigger: ".modal .o_form_button_cancel",
      run: "click",
    },
    {
      trigger: "body:not(:has(.modal))",
    },
    ...stepUtils.saveForm(),
  ],
});

registry.category("web_tour.tours").add("backflush_line_new", {
  steps: () => [
    {
      trigger: ".o_field_widget[name=product_tmpl_id] input",
      run: "edit Stool",
    },
    {
      trigger: ".o-autocomplete--dropdown-item:contains(/^Stool$/)",
      run: "click",
    },
    {
      trigger: ".o_field_x2many_list_row_add a:contains(Add a line)",
      run: "click",
    },
    {
      trigger: "td[name=product_id] input",
      run: "edit Seat Board",
    },
    {
      trigger: ".o-autocomplete--dropdown-item:contains(/^Seat Board$/)",
      run: "click",
    },
    {
      content: "The line opens although its bill of materials is not saved",
      trigger: firstLineButton,
      run: "click",
    },
    {
      trigger: `${summary}:contains(For 100 Units of Stool: 1 × 100 = 100 Units of Seat Board)`,
    },
    {
      trigger: ".modal .o_field_widget[name=backflush_scrap] input",
      run: "edit 5 && press Tab",
    },
    {
      trigger: `${summary}:contains(1 × 100 + 5 % = 105 Units of Seat Board)`,
    },
    {
      trigger: ".modal .o_form_button_save",
      run: "click",
    },
    {
      trigger: "body:not(:has(.modal))",
    },
    ...stepUtils.saveForm(),
  ],
});

registry.category("web_tour.tours").add("backflush_produce", {
  steps: () => [
    {
      content: "Nobody has issued material",
      trigger: `${componentCell("Board", "quantity")}:contains(/^0.00$/)`,
    },
    {
      trigger: "button[name=button_mark_done]:contains(Produce All)",
      run: "click",
    },
    {
      content: "What was posted is a click away",
      trigger:
        ".o_backflush_posted:contains(100 Units of Chair) a[href*='/odoo/backflushes/']",
    },
    {
      content: "The order is done, and its components are consumed",
      trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)",
    },
    {
      trigger: `${componentCell("Board", "quantity")}:contains(/^200.00$/)`,
    },
    {
      content: "Open what was posted",
      trigger: "button[name=action_view_backflushes]:contains(Backflushes)",
      run: "click",
    },
    {
      trigger: ".o_list_view .o_data_row td[name=product_id]:contains(Chair)",
      run: "click",
    },
    {
      trigger: ".o_form_view .o_field_widget[name=quantity]:contains(/^100.00$/)",
    },
    {
      trigger: `${componentCell("Board", "backflush_expected_qty")}:contains(/^200.00$/)`,
    },
    {
      trigger: `${componentCell("Board", "quantity")}:contains(/^200.00$/)`,
    },
    {
      trigger: `${componentCell("Bolt", "quantity")}:contains(/^400.00$/)`,
    },
    {
      trigger: `${componentCell("Bolt", "backflush_variance_qty")}:contains(/^0.00$/)`,
    },
  ],
});

registry.category("web_tour.tours").add("backflush_shortage", {
  steps: () => [
    {
      trigger: "button[name=button_mark_done]:contains(Produce All)",
      run: "click",
    },
    {
      content: "The message names the component, what is free, and where",
      trigger:
        ".modal-body:contains(Board: 200.00 Units needed, 150.00 free in WH/Stock)",
    },
    {
      content: "A component that is not short is not named",
      trigger: ".modal-body:not(:contains(Bolt))",
    },
    {
      content: "The dialog says so, and what can be done",
      trigger: ".modal .modal-title:contains(Components Are Short)",
    },
    {
      trigger: ".modal button:contains(Open Component)",
    },
    {
      trigger: ".modal button:contains(/Report What Stock Covers .75.$/)",
      run: "click",
    },
    {
      trigger: ".modal .o_field_widget[name=quantity] input:value(75.00)",
    },
    {
      trigger: ".modal .modal-footer button:contains(Discard)",
      run: "click",
    },
    {
      trigger: "body:not(:has(.modal))",
    },
    {
      content: "The order is as it was",
      trigger: ".o_statusbar_status .o_arrow_button_current:contains(Confirmed)",
    },
    {
      trigger: `${componentCell("Board", "quantity")}:contains(/^0.00$/)`,
    },
  ],
});

registry.category("web_tour.tours").add("backflush_part", {
  steps: () => [
    {
      content: "Nothing is posted, so there is no hint",
      trigger: ".o_form_view:not(:has(span[name=backflush_posted]))",
    },
    {
      trigger: ".o_field_widget[name=qty_producing] input",
      run: "edit 30 && click body",
    },
    {
      trigger: "button[name=button_mark_done]:contains(/^Produce$/)",
      run: "click",
    },
    {
      trigger: ".modal button[name=action_backflush_keep_open]",
      run: "click",
    },
    {
      content: "The order is open, and says what is posted",
      trigger: ".o_statusbar_status .o_arrow_button_current:contains(In Progress)",
    },
    {
      trigger: "span[name=backflush_posted]:contains(30.00)",
    },
    {
      content: "One row a component: what is posted is folded away, and told",
      trigger: `${componentCell("Board", "backflush_taken_qty")}:contains(/^60.00$/)`,
    },
    {
      trigger: ".o_field_widget[name=move_raw_ids]:has(tr.o_data_row.d-none)",
    },
    {
      trigger: ".o_backflush_fold:contains(/Show posted parts .2./)",
      run: "click",
    },
    {
      trigger: ".o_field_widget[name=move_raw_ids]:not(:has(tr.o_data_row.d-none))",
    },
    {
      trigger: ".o_backflush_fold:contains(Hide posted parts)",
      run: "click",
    },
    {
      content: "As long as nothing else is entered, all that remains can be produced",
      trigger: "button[name=button_mark_done]:contains(Produce All)",
    },
    {
      trigger: ".o_field_widget[name=qty_producing] input",
      run: "edit 75 && click body",
    },
    {
      trigger: "button[name=button_mark_done]:contains(/^Produce$/)",
    },
    {
      trigger: ".o_form_button_cancel",
      run: "click",
    },
    {
      trigger: "button[name=button_mark_done]:contains(Produce All)",
    },
  ],
});

const entered = (product) =>
  `.modal .o_data_row:has(td[name=product_id]:contains(${product})) td[name=entered_qty]`;

registry.category("web_tour.tours").add("backflush_report", {
  steps: () => [
    {
      trigger: "button[name=action_backflush_report]:contains(Report Production)",
      run: "click",
    },
    {
      content: "All that remains is proposed, and what it would take is told",
      trigger: `.modal ${componentCell("Board", "expected_qty")}:contains(/^200.00$/)`,
    },
    {
      trigger: `.modal ${componentCell("Board", "short_qty")}:contains(/^50.00$/)`,
    },
    {
      trigger: ".modal .alert-warning:contains(the posting will be refused)",
    },
    {
      content: "Nobody is asked what becomes of nothing",
      trigger: ".modal:not(:has(.o_field_widget[name=remainder]))",
    },
    {
      trigger: ".modal .o_field_widget[name=quantity] input",
      run: "edit 30 && press Tab",
    },
    {
      content: "The preview follows the quantity",
      trigger: `.modal ${componentCell("Board", "expected_qty")}:contains(/^60.00$/)`,
    },
    {
      trigger: `.modal ${componentCell("Board", "short_qty")}:contains(/^0.00$/)`,
    },
    {
      trigger: ".modal .o_field_widget[name=remainder] input:checked",
    },
    {
      content: "A manual component has no quantity until one is entered",
      trigger: `${entered("Glue")}:contains(/^$/)`,
    },
    {
      trigger: entered("Board"),
      run: "click",
    },
    {
      trigger: ".modal td[name=entered_qty] input",
      run: "edit 64 && press Tab",
    },
    {
      content: "The others stay as they are expected",
      trigger: `${entered("Bolt")} input:value(120.00)`,
    },
    {
      content: "A changed quantity that is cleared is taken back",
      trigger: ".modal td[name=entered_qty] input",
      run: "edit 99 && press Tab",
    },
    {
      trigger: `${entered("Bolt")}:contains(/^99.00$/)`,
      run: "click",
    },
    {
      trigger: `${entered("Bolt")} input`,
      run: "clear && press Tab",
    },
    {
      trigger: `${entered("Bolt")}:contains(/^120.00$/)`,
    },
    {
      trigger: ".modal button[name=action_post]",
      run: "click",
    },
    {
      content: "The bill of materials allows it with a warning",
      trigger: ".modal .alert-warning:contains(instead of)",
    },
    {
      trigger: ".modal button[name=action_post_anyway]",
      run: "click",
    },
    {
      trigger: "body:not(:has(.modal))",
    },
    {
      content: "What was posted can be corrected right away",
      trigger:
        ".o_backflush_posted:contains(30 Units of Chair) button:contains(Correct)",
      run: "click",
    },
    {
      trigger: ".modal .o_field_widget[name=reported_qty]:contains(30.00)",
    },
    {
      trigger: ".modal .modal-footer button:contains(Discard)",
      run: "click",
    },
    {
      content: "The order shows what is posted, and stays open for the rest",
      trigger: ".o_statusbar_status .o_arrow_button_current:contains(In Progress)",
    },
    {
      trigger: ".o_field_widget[name=qty_producing] input:value(30.00)",
    },
    {
      content: "Another part is what follows most likely",
      trigger: "button.btn-primary[name=action_backflush_report]",
    },
    {
      trigger: "button.btn-secondary[name=button_mark_done]:contains(Produce All)",
    },
  ],
});

registry.category("web_tour.tours").add("backflush_report_scrap", {
  steps: () => [
    {
      trigger: "button[name=action_backflush_report]:contains(Report Production)",
      run: "click",
    },
    {
      trigger: ".modal .o_field_widget[name=scrapped_qty] input",
      run: "edit 10 && press Tab",
    },
    {
      content: "What failed is not good",
      trigger: ".modal .o_field_widget[name=quantity] input:value(90.00)",
    },
    {
      content: "It takes components as well",
      trigger: `.modal ${componentCell("Board", "expected_qty")}:contains(/^200.00$/)`,
    },
    {
      trigger: ".modal .o_field_widget[name=scrap_reason_id] input",
      run: "edit Dent",
    },
    {
      trigger: ".modal .o-autocomplete--dropdown-item:contains(Dent)",
      run: "click",
    },
    {
      content: "A board was spoilt besides",
      trigger: ".modal .o_field_widget[name=damage_ids] a:contains(Add a line)",
      run: "click",
    },
    {
      trigger: ".modal .o_field_widget[name=damage_ids] td[name=product_id] input",
      run: "edit Board",
    },
    {
      trigger: ".modal .o-autocomplete--dropdown-item:contains(Board)",
      run: "click",
    },
    {
      trigger: ".modal .o_field_widget[name=damage_ids] td[name=quantity] input",
      run: "edit 3 && press Tab",
    },
    {
      content: "What stock lacks is told",
      trigger:
        ".modal .o_field_widget[name=damage_ids] td[name=short_qty]:contains(/^1.00$/)",
    },
    {
      trigger: ".modal .o_field_widget[name=damage_ids] td[name=quantity] input",
      run: "edit 2 && press Tab",
    },
    {
      trigger:
        ".modal .o_field_widget[name=damage_ids] td[name=short_qty]:contains(/^0.00$/)",
    },
    {
      trigger: ".modal button[name=action_post]",
      run: "click",
    },
    {
      trigger: "body:not(:has(.modal))",
    },
    {
      content: "The order is done, and says what was scrapped",
      trigger: ".o_field_widget[name=backflush_scrapped_qty]:contains(10.00)",
    },
  ],
});

registry.category("web_tour.tours").add("backflush_over_completion", {
  steps: () => [
    {
      trigger: ".o_field_widget[name=qty_producing] input",
      run: "edit 100 && click body",
    },
    {
      content: "An entry that fits",
      trigger: `${componentCell("Board", "quantity")}`,
      run: "click",
    },
    {
      trigger: `${componentCell("Board", "quantity")} input`,
      run: "edit 201 && press Tab",
    },
    {
      trigger: `${componentCell("Board", "backflush_variance_qty")}:contains(/^1.00$/)`,
    },
    {
      content: "A slip: more than was ordered",
      trigger: ".o_field_widget[name=qty_producing] input",
      run: "edit 1000 && click body",
    },
    {
      content: "The entry does not fit any more",
      trigger: `${componentCell("Board", "backflush_variance_qty")}:contains(/^-1,799.00$/)`,
    },
    {
      trigger: "button[name=button_mark_done]:contains(/^Produce$/)",
      run: "click",
    },
    {
      content: "Both are asked about, with what is allowed",
      trigger:
        ".modal .o_data_row:contains(Chair) td[name=product_consumed_qty_uom]:contains(/^1,000.00$/)",
    },
    {
      trigger:
        ".modal .o_data_row:contains(Chair) td[name=backflush_limit_qty]:contains(/^110.00$/)",
    },
    {
      trigger:
        ".modal .o_data_row:contains(Board) td[name=product_consumed_qty_uom]:contains(/^201.00$/)",
    },
    {
      trigger: ".modal button[name=action_cancel]",
      run: "click",
    },
    {
      trigger: "body:not(:has(.modal))",
    },
    {
      trigger: ".o_field_widget[name=qty_producing] input",
      run: "edit 105 && click body",
    },
    {
      trigger: "button[name=button_mark_done]:contains(/^Produce$/)",
      run: "click",
    },
    {
      content: "What is within the limit is not asked about",
      trigger: ".modal .o_data_row:contains(Board)",
    },
    {
      trigger: ".modal:not(:has(.o_data_row:contains(Chair)))",
    },
    {
      trigger: ".modal button[name=action_set_qty]",
      run: "click",
    },
    {
      trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)",
    },
  ],
});

registry.category("web_tour.tours").add("backflush_report_several", {
  steps: () => [
    {
      trigger: ".o_data_row:contains(TOUR/1) .o_list_record_selector input",
      run: "click",
    },
    {
      trigger: ".o_data_row:contains(TOUR/2) .o_list_record_selector input",
      run: "click",
    },
    {
      trigger: ".o_cp_action_menus button:contains(Actions)",
      run: "click",
    },
    {
      trigger: ".o-dropdown-item:contains(Report Production)",
      run: "click",
    },
    {
      content: "What the first leaves does not cover the second",
      trigger: ".modal .o_data_row:nth-child(2) td[name=short]:contains(Board)",
    },
    {
      trigger: ".modal button[name=action_post]",
      run: "click",
    },
    {
      trigger: ".modal-body:contains(Board: 200.00 Units needed, 150.00 free)",
    },
    {
      trigger: ".o_backflush_shortage .modal-footer button:contains(Close)",
      run: "click",
    },
    {
      trigger: ".modal .o_data_row:nth-child(2) td[name=quantity]",
      run: "click",
    },
    {
      trigger: ".modal .o_data_row:nth-child(2) td[name=quantity] input",
      run: "edit 5 && press Tab",
    },
    {
      trigger: ".modal .o_field_widget[name=remainder] label:contains(Backorder)",
      run: "click",
    },
    {
      trigger: ".modal button[name=action_post]",
      run: "click",
    },
    {
      content: "The backorder is named",
      trigger: ".o_backflush_posted:contains(backorder) a",
    },
    {
      trigger: "body:not(:has(.modal))",
    },
  ],
});

registry.category("web_tour.tours").add("backflush_correct", {
  steps: () => [
    {
      content: "100 are reported, and it was 10",
      trigger: "button[name=action_backflush_correct]:contains(Correct a Report)",
      run: "click",
    },
    {
      trigger: ".modal .o_field_widget[name=quantity] input",
      run: "edit 10 && press Tab",
    },
    {
      content: "The dialog says what moves where",
      trigger: ".modal .alert-info:contains(90.00 Units of Chair leave stock)",
    },
    {
      trigger: `.modal ${componentCell("Board", "back_qty")}:contains(/^180.00$/)`,
    },
    {
      trigger: ".modal .o_field_widget[name=reason] input",
      run: "edit Typing slip && press Tab",
    },
    {
      trigger: ".modal button[name=action_correct]",
      run: "click",
    },
    {
      content: "It is confirmed",
      trigger: ".o_notification:contains(counts 10.00 Units now)",
    },
    {
      content: "The order is open again",
      trigger:
        ".o_statusbar_status button.o_arrow_button_current:contains(In Progress)",
    },
  ],
});

registry.category("web_tour.tours").add("backflush_correct_refused", {
  steps: () => [
    {
      trigger: "button[name=action_backflush_correct]:contains(Correct a Report)",
      run: "click",
    },
    {
      trigger: ".modal .o_field_widget[name=quantity] input",
      run: "edit 10 && press Tab",
    },
    {
      content: "Goods were delivered: the nearest quantity is named",
      trigger: ".modal .alert-warning:contains(Correct it to 60.00 Units or more)",
    },
    {
      content: "What cannot be posted is not offered",
      trigger: ".modal footer:not(:has(button[name=action_correct]:visible))",
    },
    {
      trigger: ".modal .o_field_widget[name=quantity] input",
      run: "edit 60 && press Tab",
    },
    {
      trigger: ".modal button[name=action_correct]",
      run: "click",
    },
    {
      trigger: ".o_notification:contains(counts 60.00 Units now)",
    },
  ],
});

registry.category("web_tour.tours").add("backflush_cancel", {
  steps: () => [
    {
      trigger: ".o_statusbar_buttons button[name=action_cancel]:visible",
      run: "click",
    },
    {
      content: "What left stock for it is not lost in silence",
      trigger: ".modal .o_field_widget[name=summary]:contains(100.00 Units of Chair)",
    },
    {
      trigger: ".modal button[name=action_cancel_orders]",
      run: "click",
    },
    {
      trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Cancelled)",
    },
  ],
});

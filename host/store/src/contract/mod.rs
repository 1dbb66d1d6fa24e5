//! The suite every adaptor of the store passes: each promise of [`Store`](crate::Store) as a named check.
//!
//! A check takes a fresh, empty store and panics where the promise is broken. [`each_promise`](crate::each_promise) names
//! them all; an adaptor makes a test of each:
//!
//! ```ignore
//! macro_rules! promises {
//!     ($($group:ident::$promise:ident),* $(,)?) => { $(
//!         #[tokio::test(flavor = "multi_thread")]
//!         async fn $promise() {
//!             let (store, _kept_until_the_end) = fresh_store();
//!             porchlight_store::contract::$promise(store).await;
//!         }
//!     )* };
//! }
//! porchlight_store::each_promise!(promises);
//! ```
#![expect(clippy::expect_used, reason = "a check that cannot go on has failed, and says so by panicking")]

mod accepting;
pub(crate) mod agents;
mod assets;
pub(crate) mod attachments;
mod changing;
mod due;
mod erasing;
mod finding;
pub(crate) mod fixtures;
mod keys;
mod listing;
mod measuring;
mod outbox;
mod people;
mod sites;
mod slots;
mod spending;

use std::sync::Arc;

use crate::Store;

/// Calls a macro with the names of all promises, as `group::promise, …`.
#[macro_export]
macro_rules! each_promise {
    ($then:ident) => {
        $then! {
            sites::a_site_is_found_with_all_its_files_by_path,
            sites::an_unknown_site_is_none,
            sites::an_identical_version_is_not_kept_again,
            sites::a_changed_file_makes_the_next_version,
            sites::a_removed_file_makes_the_next_version,
            sites::an_earlier_version_can_come_again,
            sites::every_site_is_listed_by_key,
            accepting::an_accepted_request_is_found_as_it_was_given,
            accepting::an_unknown_request_is_none,
            accepting::a_reference_in_use_is_refused,
            accepting::of_concurrent_requests_with_one_reference_one_is_kept,
            accepting::a_refused_request_leaves_nothing_behind,
            accepting::a_sound_store_passes_the_probe,
            keys::the_same_submission_a_hundred_times_at_once_is_kept_once,
            keys::a_key_used_with_another_body_is_refused,
            keys::a_key_is_remembered_for_a_day,
            keys::a_forgotten_key_can_be_used_again,
            keys::a_key_belongs_to_its_site,
            keys::a_replay_answers_before_a_full_slot_and_a_used_reference,
            keys::a_replay_gives_the_request_as_it_is_now,
            spending::of_concurrent_requests_that_bring_the_same_one_is_kept,
            spending::a_replay_answers_before_what_is_used_up,
            spending::what_a_refused_request_brought_is_not_used_up,
            spending::each_thing_a_request_brings_is_used_up,
            spending::what_has_run_out_is_forgotten,
            spending::an_erased_request_does_not_give_back_what_it_used,
            spending::of_concurrent_uses_one_is_the_first,
            spending::what_was_used_is_known_with_its_moment,
            slots::two_visitors_cannot_take_the_last_place,
            slots::a_slot_holds_as_many_as_its_capacity,
            slots::slots_of_two_sites_do_not_meet,
            slots::no_more_callbacks_of_a_site_are_booked_than_may_be_open,
            slots::bookings_are_counted_from_the_first_moment_until_before_the_last,
            due::what_is_due_is_found_once_its_moment_has_come,
            due::a_change_decides_anew_what_is_due,
            due::what_is_due_is_asked_for_by_site_and_count,
            changing::a_change_replaces_the_request,
            changing::a_stale_change_is_refused,
            changing::of_concurrent_changes_one_is_kept,
            changing::what_is_not_there_cannot_be_changed,
            changing::a_moved_slot_is_freed_and_taken,
            changing::a_full_slot_is_not_moved_into,
            changing::the_slot_held_can_be_taken_again_though_it_is_full,
            changing::of_two_who_move_into_the_last_place_one_gets_it,
            changing::a_final_status_frees_the_slot,
            changing::a_change_without_a_slot_keeps_the_one_held,
            changing::a_change_brings_its_deliveries,
            erasing::an_erased_request_is_gone_with_all_that_belongs_to_it,
            erasing::erasing_what_is_not_there_says_so,
            erasing::erasing_one_leaves_the_others_alone,
            erasing::what_an_erased_request_used_can_be_used_again,
            outbox::due_deliveries_are_claimed_the_longest_due_first,
            outbox::a_delivery_is_not_claimed_before_it_is_due,
            outbox::a_claim_takes_no_more_than_its_limit,
            outbox::what_waits_for_one_target_does_not_delay_another,
            outbox::a_target_without_room_is_left_alone,
            outbox::a_claimed_delivery_is_left_alone_until_its_lease_ends,
            outbox::what_is_released_is_claimed_again_at_once,
            outbox::of_concurrent_claims_each_delivery_goes_to_one,
            outbox::what_nobody_has_claimed_is_not_marked,
            outbox::a_sent_delivery_is_never_claimed_again,
            outbox::a_failed_attempt_is_counted_and_due_again_later,
            outbox::a_delivery_that_was_given_up_rests_until_it_is_revived,
            outbox::what_waited_too_long_for_a_target_is_given_up_without_a_try,
            outbox::what_waits_is_counted_since_it_was_due_first,
            outbox::marking_a_delivery_that_is_gone_is_no_error,
            outbox::a_delivery_about_a_request_that_is_gone_is_not_kept,
            people::a_person_finds_their_requests_and_nobody_elses,
            people::a_person_is_another_at_every_site_that_is_asked_for,
            people::any_of_several_hashes_will_do_and_a_request_comes_once,
            people::a_list_goes_on_where_it_ended_also_among_requests_of_one_moment,
            people::what_is_refused_or_erased_is_found_by_nobody,
            people::what_lacks_a_hash_under_a_key_is_given_until_it_has_one,
            people::requests_erased_together_are_gone_and_counted,
            people::what_was_changed_since_its_erasure_was_decided_is_kept,
            people::old_requests_are_listed_from_the_oldest_on,
            people::all_that_is_held_about_a_request_is_given,
            listing::requests_are_listed_the_last_kept_first,
            listing::a_filter_narrows_the_list,
            assets::an_asset_is_found_by_its_path,
            assets::an_earlier_asset_lingers_for_thirty_days,
            assets::an_asset_that_is_served_again_stays,
            attachments::a_file_is_read_as_it_was_kept_piece_by_piece,
            attachments::a_file_becomes_a_requests_with_the_change_that_names_it,
            attachments::a_file_can_come_with_the_request_itself,
            attachments::a_file_belongs_to_one_request,
            attachments::a_site_has_room_for_so_many_bytes_and_gets_them_back,
            attachments::what_belongs_to_a_request_is_neither_discarded_nor_swept,
            attachments::what_was_left_behind_is_swept,
            agents::an_agent_is_found_by_its_address_in_any_case,
            agents::an_address_signs_in_one_agent,
            agents::of_concurrent_changes_of_credentials_one_is_kept,
            agents::a_removed_agent_is_gone_with_its_sessions,
            agents::no_session_is_opened_by_credentials_that_were_changed,
            agents::a_session_is_found_by_its_token_with_whose_it_is,
            agents::sessions_end_as_they_are_told_to,
            agents::sessions_that_are_over_are_forgotten,
            agents::who_is_on_duty_is_so_until_the_session_ends,
            agents::what_was_done_is_told_the_last_first,
            agents::what_was_done_is_forgotten_after_a_year,
            agents::a_change_is_noted_with_it_or_not_at_all,
            agents::of_an_erased_request_the_log_says_only_that_there_was_one,
            agents::canned_replies_are_kept_by_site_in_their_order,
            finding::a_query_finds_what_it_admits_the_last_first,
            finding::a_list_is_read_page_by_page,
            finding::an_erased_request_is_in_no_list,
            finding::a_text_is_looked_for_in_what_is_open_and_what_came_last,
            finding::a_person_is_found_among_all_however_many_came_since,
            finding::a_persons_requests_are_narrowed_like_any_and_read_page_by_page,
            finding::beside_a_request_stands_what_was_decided_and_sent,
            measuring::what_requests_add_is_reported_by_channel_form_and_hour,
            measuring::a_report_is_of_its_site_and_days,
            measuring::a_change_takes_away_what_was_added_before,
            measuring::a_request_kept_without_measures_is_counted_with_its_next_change,
            measuring::of_concurrent_requests_each_is_counted,
            measuring::what_was_refused_adds_nothing,
            measuring::what_an_erased_request_added_stays,
            measuring::requests_are_counted_by_what_they_are_about,
            measuring::a_site_has_so_many_topics_and_no_more,
            measuring::searches_without_result_are_added_up_and_the_rare_ones_not_told,
            measuring::of_a_sites_searches_the_rarest_make_room_and_old_ones_are_forgotten,
            measuring::what_was_only_a_test_is_taken_out_of_the_report,
            measuring::what_visitors_said_of_an_answer_is_added_up,
        }
    };
}

macro_rules! publish {
    ($($group:ident::$promise:ident),* $(,)?) => { $(
        #[doc = concat!("Panics unless it holds that `", stringify!($promise), "`.")]
        pub async fn $promise(store: Arc<dyn Store>) {
            $group::$promise(&store).await;
        }
    )* };
}

each_promise!(publish);

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

export type Database = {
  pipeline: {
    Tables: {
      alert_rules: {
        Row: {
          enabled: boolean;
          held_for: string;
          labels: NonNullable<Json>;
          metric: string;
          name: string;
          repeat_after: string;
          runbook: string;
          severity: string;
          silenced_until: string | null;
          summary: string;
          threshold: number;
        };
        Insert: {
          enabled?: boolean;
          held_for?: string;
          labels?: NonNullable<Json>;
          metric: string;
          name: string;
          repeat_after?: string;
          runbook: string;
          severity?: string;
          silenced_until?: string | null;
          summary: string;
          threshold: number;
        };
        Update: {
          enabled?: boolean;
          held_for?: string;
          labels?: NonNullable<Json>;
          metric?: string;
          name?: string;
          repeat_after?: string;
          runbook?: string;
          severity?: string;
          silenced_until?: string | null;
          summary?: string;
          threshold?: number;
        };
        Relationships: [];
      };
      alerts: {
        Row: {
          fired_at: string | null;
          id: number;
          labels: NonNullable<Json>;
          resolved_at: string | null;
          rule: string;
          since: string;
          told_at: string | null;
          value: number;
        };
        Insert: {
          fired_at?: string | null;
          id?: never;
          labels: NonNullable<Json>;
          resolved_at?: string | null;
          rule: string;
          since: string;
          told_at?: string | null;
          value: number;
        };
        Update: {
          fired_at?: string | null;
          id?: never;
          labels?: NonNullable<Json>;
          resolved_at?: string | null;
          rule?: string;
          since?: string;
          told_at?: string | null;
          value?: number;
        };
        Relationships: [
          {
            foreignKeyName: "alerts_rule_fkey";
            columns: ["rule"];
            isOneToOne: false;
            referencedRelation: "alert_rules";
            referencedColumns: ["name"];
          },
        ];
      };
      audit_log: {
        Row: {
          action: string;
          actor: string;
          actor_id: string | null;
          details: Json | null;
          id: number;
          logged_at: string;
          subject: string | null;
        };
        Insert: {
          action: string;
          actor: string;
          actor_id?: string | null;
          details?: Json | null;
          id?: never;
          logged_at?: string;
          subject?: string | null;
        };
        Update: {
          action?: string;
          actor?: string;
          actor_id?: string | null;
          details?: Json | null;
          id?: never;
          logged_at?: string;
          subject?: string | null;
        };
        Relationships: [];
      };
      checkups: {
        Row: {
          checked_at: string;
          found: NonNullable<Json>;
          is_the_only_one: boolean;
          violations: number;
        };
        Insert: {
          checked_at: string;
          found: NonNullable<Json>;
          is_the_only_one?: boolean;
          violations: number;
        };
        Update: {
          checked_at?: string;
          found?: NonNullable<Json>;
          is_the_only_one?: boolean;
          violations?: number;
        };
        Relationships: [];
      };
      erasures: {
        Row: {
          asked_at: string;
          attempts: number;
          bucket: string;
          error_code: string | null;
          id: number;
          last_error: string | null;
          path: string;
          reason: string;
          status: string;
          updated_at: string;
          user_id: string;
        };
        Insert: {
          asked_at?: string;
          attempts?: number;
          bucket: string;
          error_code?: string | null;
          id?: never;
          last_error?: string | null;
          path: string;
          reason: string;
          status?: string;
          updated_at?: string;
          user_id: string;
        };
        Update: {
          asked_at?: string;
          attempts?: number;
          bucket?: string;
          error_code?: string | null;
          id?: never;
          last_error?: string | null;
          path?: string;
          reason?: string;
          status?: string;
          updated_at?: string;
          user_id?: string;
        };
        Relationships: [];
      };
      failures: {
        Row: {
          error_code: string;
          failed_at: string;
          stage: string;
          subject_id: number;
          user_id: string;
        };
        Insert: {
          error_code: string;
          failed_at: string;
          stage: string;
          subject_id: number;
          user_id: string;
        };
        Update: {
          error_code?: string;
          failed_at?: string;
          stage?: string;
          subject_id?: number;
          user_id?: string;
        };
        Relationships: [];
      };
      object_names: {
        Row: {
          awaited: boolean;
          bucket: string;
          column_name: string;
          schema_name: string;
          table_name: string;
        };
        Insert: {
          awaited?: boolean;
          bucket: string;
          column_name: string;
          schema_name?: string;
          table_name: string;
        };
        Update: {
          awaited?: boolean;
          bucket?: string;
          column_name?: string;
          schema_name?: string;
          table_name?: string;
        };
        Relationships: [];
      };
      object_search: {
        Row: {
          is_only: boolean;
          looked_at: string;
        };
        Insert: {
          is_only?: boolean;
          looked_at?: string;
        };
        Update: {
          is_only?: boolean;
          looked_at?: string;
        };
        Relationships: [];
      };
      provider_calls: {
        Row: {
          answer: Json | null;
          attempt: number;
          characters: number | null;
          correlation_id: string | null;
          cost: number | null;
          created_at: string;
          currency: string | null;
          id: string;
          input_tokens: number | null;
          model: string;
          ms: number;
          output_tokens: number | null;
          provider: string;
          refused: string | null;
          request_hash: string;
          response_id: string | null;
          stage: string;
          subject_id: number;
          thought_tokens: number | null;
          user_id: string;
        };
        Insert: {
          answer?: Json | null;
          attempt: number;
          characters?: number | null;
          correlation_id?: string | null;
          cost?: number | null;
          created_at?: string;
          currency?: string | null;
          id: string;
          input_tokens?: number | null;
          model: string;
          ms: number;
          output_tokens?: number | null;
          provider: string;
          refused?: string | null;
          request_hash: string;
          response_id?: string | null;
          stage: string;
          subject_id: number;
          thought_tokens?: number | null;
          user_id: string;
        };
        Update: {
          answer?: Json | null;
          attempt?: number;
          characters?: number | null;
          correlation_id?: string | null;
          cost?: number | null;
          created_at?: string;
          currency?: string | null;
          id?: string;
          input_tokens?: number | null;
          model?: string;
          ms?: number;
          output_tokens?: number | null;
          provider?: string;
          refused?: string | null;
          request_hash?: string;
          response_id?: string | null;
          stage?: string;
          subject_id?: number;
          thought_tokens?: number | null;
          user_id?: string;
        };
        Relationships: [];
      };
      provider_limits: {
        Row: {
          burst: number;
          failing_users: string[];
          failure_threshold: number;
          longest_open_seconds: number;
          longest_pause_seconds: number;
          model: string;
          not_before: string | null;
          open_seconds: number;
          open_until: string | null;
          probe_token: string | null;
          probe_until: string | null;
          probe_user: string | null;
          probes: number;
          provider: string;
          refilled_at: string;
          refused_users: string[];
          requests_per_minute: number | null;
          tokens: number;
          updated_at: string;
        };
        Insert: {
          burst?: number;
          failing_users?: string[];
          failure_threshold?: number;
          longest_open_seconds?: number;
          longest_pause_seconds?: number;
          model?: string;
          not_before?: string | null;
          open_seconds?: number;
          open_until?: string | null;
          probe_token?: string | null;
          probe_until?: string | null;
          probe_user?: string | null;
          probes?: number;
          provider: string;
          refilled_at?: string;
          refused_users?: string[];
          requests_per_minute?: number | null;
          tokens?: number;
          updated_at?: string;
        };
        Update: {
          burst?: number;
          failing_users?: string[];
          failure_threshold?: number;
          longest_open_seconds?: number;
          longest_pause_seconds?: number;
          model?: string;
          not_before?: string | null;
          open_seconds?: number;
          open_until?: string | null;
          probe_token?: string | null;
          probe_until?: string | null;
          probe_user?: string | null;
          probes?: number;
          provider?: string;
          refilled_at?: string;
          refused_users?: string[];
          requests_per_minute?: number | null;
          tokens?: number;
          updated_at?: string;
        };
        Relationships: [];
      };
      provider_prices: {
        Row: {
          currency: string;
          million_characters: number | null;
          million_input_tokens: number | null;
          million_output_tokens: number | null;
          model: string;
          provider: string;
          valid_from: string;
        };
        Insert: {
          currency?: string;
          million_characters?: number | null;
          million_input_tokens?: number | null;
          million_output_tokens?: number | null;
          model: string;
          provider: string;
          valid_from: string;
        };
        Update: {
          currency?: string;
          million_characters?: number | null;
          million_input_tokens?: number | null;
          million_output_tokens?: number | null;
          model?: string;
          provider?: string;
          valid_from?: string;
        };
        Relationships: [];
      };
      rate_limits: {
        Row: {
          count: number;
          ends_at: string;
          subject: string;
        };
        Insert: {
          count: number;
          ends_at: string;
          subject: string;
        };
        Update: {
          count?: number;
          ends_at?: string;
          subject?: string;
        };
        Relationships: [];
      };
      retention: {
        Row: {
          column_name: string;
          keep_for: string;
          max_rows: number;
          schema_name: string;
          table_name: string;
          add_partitions: undefined | null;
          delete_old_rows: number | null;
          drop_oldest_partition: number | null;
        };
        Insert: {
          column_name: string;
          keep_for: string;
          max_rows?: number;
          schema_name: string;
          table_name: string;
        };
        Update: {
          column_name?: string;
          keep_for?: string;
          max_rows?: number;
          schema_name?: string;
          table_name?: string;
        };
        Relationships: [];
      };
      retries: {
        Row: {
          count: number;
          stage: string;
          subject_id: number;
        };
        Insert: {
          count: number;
          stage: string;
          subject_id: number;
        };
        Update: {
          count?: number;
          stage?: string;
          subject_id?: number;
        };
        Relationships: [];
      };
      stage_clocks: {
        Row: {
          from_turn: number;
          looked_at: string;
          moved_at: string;
          next_turn: number;
          outcome: string;
          pause_seconds: number;
          stage: string;
          suspected_until: string;
          suspects: string[];
          woken_at: string;
        };
        Insert: {
          from_turn?: number;
          looked_at?: string;
          moved_at?: string;
          next_turn?: number;
          outcome?: string;
          pause_seconds?: number;
          stage: string;
          suspected_until?: string;
          suspects?: string[];
          woken_at?: string;
        };
        Update: {
          from_turn?: number;
          looked_at?: string;
          moved_at?: string;
          next_turn?: number;
          outcome?: string;
          pause_seconds?: number;
          stage?: string;
          suspected_until?: string;
          suspects?: string[];
          woken_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "stage_clocks_stage_fkey";
            columns: ["stage"];
            isOneToOne: true;
            referencedRelation: "pipeline_health";
            referencedColumns: ["stage"];
          },
          {
            foreignKeyName: "stage_clocks_stage_fkey";
            columns: ["stage"];
            isOneToOne: true;
            referencedRelation: "stages";
            referencedColumns: ["stage"];
          },
        ];
      };
      stages: {
        Row: {
          backoff_base_seconds: number;
          backoff_cap_seconds: number;
          batch_size: number;
          daily_attempts_per_user: number | null;
          daily_spend_per_user: number | null;
          debounce_seconds: number;
          enabled: boolean;
          function_name: string | null;
          is_claimed: boolean;
          lease_seconds: number;
          max_attempts: number;
          max_concurrency: number | null;
          max_concurrency_per_user: number | null;
          max_deferred_seconds: number;
          max_losses: number;
          max_retries: number;
          max_tasks_per_user: number | null;
          model: string;
          patience_seconds: number;
          place: number;
          provider: string | null;
          sent_back_to: string | null;
          stage: string;
          updated_at: string;
        };
        Insert: {
          backoff_base_seconds?: number;
          backoff_cap_seconds?: number;
          batch_size?: number;
          daily_attempts_per_user?: number | null;
          daily_spend_per_user?: number | null;
          debounce_seconds?: number;
          enabled?: boolean;
          function_name?: string | null;
          is_claimed?: boolean;
          lease_seconds?: number;
          max_attempts?: number;
          max_concurrency?: number | null;
          max_concurrency_per_user?: number | null;
          max_deferred_seconds?: number;
          max_losses?: number;
          max_retries?: number;
          max_tasks_per_user?: number | null;
          model?: string;
          patience_seconds?: number;
          place: number;
          provider?: string | null;
          sent_back_to?: string | null;
          stage: string;
          updated_at?: string;
        };
        Update: {
          backoff_base_seconds?: number;
          backoff_cap_seconds?: number;
          batch_size?: number;
          daily_attempts_per_user?: number | null;
          daily_spend_per_user?: number | null;
          debounce_seconds?: number;
          enabled?: boolean;
          function_name?: string | null;
          is_claimed?: boolean;
          lease_seconds?: number;
          max_attempts?: number;
          max_concurrency?: number | null;
          max_concurrency_per_user?: number | null;
          max_deferred_seconds?: number;
          max_losses?: number;
          max_retries?: number;
          max_tasks_per_user?: number | null;
          model?: string;
          patience_seconds?: number;
          place?: number;
          provider?: string | null;
          sent_back_to?: string | null;
          stage?: string;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "stages_provider_model_fkey";
            columns: ["provider", "model"];
            isOneToOne: false;
            referencedRelation: "provider_limits";
            referencedColumns: ["provider", "model"];
          },
        ];
      };
      system_metrics: {
        Row: {
          at: string;
          labels: NonNullable<Json>;
          name: string;
          value: number;
        };
        Insert: {
          at: string;
          labels?: NonNullable<Json>;
          name: string;
          value: number;
        };
        Update: {
          at?: string;
          labels?: NonNullable<Json>;
          name?: string;
          value?: number;
        };
        Relationships: [];
      };
      tasks: {
        Row: {
          attempts: number;
          available_at: string;
          claimed_at: string | null;
          deferrals: number;
          deferred_seconds: number;
          lease_number: number;
          lease_token: string | null;
          losses: number;
          parked: boolean;
          progress: Json | null;
          queued_at: string | null;
          refused: string | null;
          rounds: number;
          stage: string;
          subject_id: number;
          turn: number | null;
          user_id: string;
        };
        Insert: {
          attempts?: number;
          available_at: string;
          claimed_at?: string | null;
          deferrals?: number;
          deferred_seconds?: number;
          lease_number?: number;
          lease_token?: string | null;
          losses?: number;
          parked?: boolean;
          progress?: Json | null;
          queued_at?: string | null;
          refused?: string | null;
          rounds?: number;
          stage: string;
          subject_id: number;
          turn?: number | null;
          user_id: string;
        };
        Update: {
          attempts?: number;
          available_at?: string;
          claimed_at?: string | null;
          deferrals?: number;
          deferred_seconds?: number;
          lease_number?: number;
          lease_token?: string | null;
          losses?: number;
          parked?: boolean;
          progress?: Json | null;
          queued_at?: string | null;
          refused?: string | null;
          rounds?: number;
          stage?: string;
          subject_id?: number;
          turn?: number | null;
          user_id?: string;
        };
        Relationships: [];
      };
      usage: {
        Row: {
          attempts: number;
          day: string;
          stage: string;
          user_id: string;
        };
        Insert: {
          attempts: number;
          day: string;
          stage: string;
          user_id: string;
        };
        Update: {
          attempts?: number;
          day?: string;
          stage?: string;
          user_id?: string;
        };
        Relationships: [];
      };
      user_quotas: {
        Row: {
          daily_attempts: number | null;
          daily_spend: number | null;
          stage: string;
          user_id: string;
        };
        Insert: {
          daily_attempts?: number | null;
          daily_spend?: number | null;
          stage: string;
          user_id: string;
        };
        Update: {
          daily_attempts?: number | null;
          daily_spend?: number | null;
          stage?: string;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "user_quotas_stage_fkey";
            columns: ["stage"];
            isOneToOne: false;
            referencedRelation: "pipeline_health";
            referencedColumns: ["stage"];
          },
          {
            foreignKeyName: "user_quotas_stage_fkey";
            columns: ["stage"];
            isOneToOne: false;
            referencedRelation: "stages";
            referencedColumns: ["stage"];
          },
        ];
      };
    };
    Views: {
      analysis_items: {
        Row: {
          attempts: number | null;
          error_code: string | null;
          has_input: boolean | null;
          id: number | null;
          last_error: string | null;
          parent_failed: boolean | null;
          parent_id: number | null;
          status: string | null;
          updated_at: string | null;
          user_id: string | null;
        };
        Insert: {
          attempts?: number | null;
          error_code?: string | null;
          has_input?: never;
          id?: number | null;
          last_error?: string | null;
          parent_failed?: never;
          parent_id?: number | null;
          status?: string | null;
          updated_at?: string | null;
          user_id?: string | null;
        };
        Update: {
          attempts?: number | null;
          error_code?: string | null;
          has_input?: never;
          id?: number | null;
          last_error?: string | null;
          parent_failed?: never;
          parent_id?: number | null;
          status?: string | null;
          updated_at?: string | null;
          user_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "analysis_jobs_video_recording_id_fkey";
            columns: ["parent_id"];
            isOneToOne: true;
            referencedRelation: "upload_items";
            referencedColumns: ["id"];
          },
        ];
      };
      audio_items: {
        Row: {
          attempts: number | null;
          error_code: string | null;
          has_input: boolean | null;
          id: number | null;
          last_error: string | null;
          parent_failed: boolean | null;
          status: string | null;
          updated_at: string | null;
          user_id: string | null;
        };
        Insert: {
          attempts?: number | null;
          error_code?: string | null;
          has_input?: never;
          id?: number | null;
          last_error?: string | null;
          parent_failed?: never;
          status?: string | null;
          updated_at?: string | null;
          user_id?: string | null;
        };
        Update: {
          attempts?: number | null;
          error_code?: string | null;
          has_input?: never;
          id?: number | null;
          last_error?: string | null;
          parent_failed?: never;
          status?: string | null;
          updated_at?: string | null;
          user_id?: string | null;
        };
        Relationships: [];
      };
      cost_per_day: {
        Row: {
          calls: number | null;
          cost: number | null;
          currency: string | null;
          day: string | null;
          unpriced_calls: number | null;
          user_id: string | null;
        };
        Relationships: [];
      };
      cost_per_recording: {
        Row: {
          calls: number | null;
          characters: number | null;
          cost: number | null;
          currency: string | null;
          input_tokens: number | null;
          output_tokens: number | null;
          unpriced_calls: number | null;
          user_id: string | null;
          video_recording_id: number | null;
        };
        Relationships: [
          {
            foreignKeyName: "analysis_jobs_video_recording_id_fkey";
            columns: ["video_recording_id"];
            isOneToOne: true;
            referencedRelation: "upload_items";
            referencedColumns: ["id"];
          },
        ];
      };
      draft_items: {
        Row: {
          attempts: number | null;
          error_code: string | null;
          has_input: boolean | null;
          id: number | null;
          last_error: string | null;
          parent_failed: boolean | null;
          parent_id: number | null;
          status: string | null;
          updated_at: string | null;
          user_id: string | null;
        };
        Insert: {
          attempts?: number | null;
          error_code?: string | null;
          has_input?: never;
          id?: number | null;
          last_error?: string | null;
          parent_failed?: never;
          parent_id?: number | null;
          status?: string | null;
          updated_at?: string | null;
          user_id?: string | null;
        };
        Update: {
          attempts?: number | null;
          error_code?: string | null;
          has_input?: never;
          id?: number | null;
          last_error?: string | null;
          parent_failed?: never;
          parent_id?: number | null;
          status?: string | null;
          updated_at?: string | null;
          user_id?: string | null;
        };
        Relationships: [];
      };
      duplicate_spend: {
        Row: {
          calls: number | null;
          cost: number | null;
          currency: string | null;
          first_at: string | null;
          last_at: string | null;
          refused_calls: number | null;
          request_hash: string | null;
          stage: string | null;
          subject_id: number | null;
          user_id: string | null;
        };
        Relationships: [];
      };
      erase_items: {
        Row: {
          attempts: number | null;
          error_code: string | null;
          has_input: boolean | null;
          id: number | null;
          last_error: string | null;
          parent_failed: boolean | null;
          status: string | null;
          updated_at: string | null;
          user_id: string | null;
        };
        Insert: {
          attempts?: number | null;
          error_code?: string | null;
          has_input?: never;
          id?: number | null;
          last_error?: string | null;
          parent_failed?: never;
          status?: string | null;
          updated_at?: string | null;
          user_id?: string | null;
        };
        Update: {
          attempts?: number | null;
          error_code?: string | null;
          has_input?: never;
          id?: number | null;
          last_error?: string | null;
          parent_failed?: never;
          status?: string | null;
          updated_at?: string | null;
          user_id?: string | null;
        };
        Relationships: [];
      };
      failure_rates: {
        Row: {
          completed: number | null;
          deferred: number | null;
          failed: number | null;
          failed_share: number | null;
          lost: number | null;
          most_failed_by: string | null;
          refused: number | null;
          retried: number | null;
          stage: string | null;
        };
        Relationships: [];
      };
      notify_items: {
        Row: {
          attempts: number | null;
          error_code: string | null;
          has_input: boolean | null;
          id: number | null;
          last_error: string | null;
          parent_failed: boolean | null;
          status: string | null;
          updated_at: string | null;
          user_id: string | null;
        };
        Insert: {
          attempts?: number | null;
          error_code?: string | null;
          has_input?: never;
          id?: number | null;
          last_error?: string | null;
          parent_failed?: never;
          status?: string | null;
          updated_at?: string | null;
          user_id?: string | null;
        };
        Update: {
          attempts?: number | null;
          error_code?: string | null;
          has_input?: never;
          id?: number | null;
          last_error?: string | null;
          parent_failed?: never;
          status?: string | null;
          updated_at?: string | null;
          user_id?: string | null;
        };
        Relationships: [];
      };
      pipeline_health: {
        Row: {
          circuit: string | null;
          delayed: number | null;
          enabled: boolean | null;
          expired: number | null;
          in_flight: number | null;
          oldest_ready_seconds: number | null;
          provider: string | null;
          ready: number | null;
          stage: string | null;
          wake_outcome: string | null;
          woken_at: string | null;
        };
        Relationships: [];
      };
      render_items: {
        Row: {
          attempts: number | null;
          error_code: string | null;
          has_input: boolean | null;
          id: number | null;
          last_error: string | null;
          parent_failed: boolean | null;
          status: string | null;
          updated_at: string | null;
          user_id: string | null;
        };
        Insert: {
          attempts?: number | null;
          error_code?: string | null;
          has_input?: never;
          id?: number | null;
          last_error?: string | null;
          parent_failed?: never;
          status?: string | null;
          updated_at?: string | null;
          user_id?: string | null;
        };
        Update: {
          attempts?: number | null;
          error_code?: string | null;
          has_input?: never;
          id?: number | null;
          last_error?: string | null;
          parent_failed?: never;
          status?: string | null;
          updated_at?: string | null;
          user_id?: string | null;
        };
        Relationships: [];
      };
      render_sources: {
        Row: {
          path: string | null;
        };
        Relationships: [];
      };
      rule_usage: {
        Row: {
          remarks: number | null;
          rule: string | null;
          value: string | null;
        };
        Relationships: [];
      };
      ssml_items: {
        Row: {
          attempts: number | null;
          error_code: string | null;
          has_input: boolean | null;
          id: number | null;
          last_error: string | null;
          parent_failed: boolean | null;
          status: string | null;
          updated_at: string | null;
          user_id: string | null;
        };
        Insert: {
          attempts?: number | null;
          error_code?: string | null;
          has_input?: never;
          id?: number | null;
          last_error?: string | null;
          parent_failed?: never;
          status?: string | null;
          updated_at?: string | null;
          user_id?: string | null;
        };
        Update: {
          attempts?: number | null;
          error_code?: string | null;
          has_input?: never;
          id?: number | null;
          last_error?: string | null;
          parent_failed?: never;
          status?: string | null;
          updated_at?: string | null;
          user_id?: string | null;
        };
        Relationships: [];
      };
      stage_latency: {
        Row: {
          attempts: number | null;
          stage: string | null;
          step: string | null;
          waiting_p50: number | null;
          waiting_p95: number | null;
          waiting_p99: number | null;
          working_p50: number | null;
          working_p95: number | null;
          working_p99: number | null;
        };
        Relationships: [];
      };
      upload_items: {
        Row: {
          attempts: number | null;
          error_code: string | null;
          has_input: boolean | null;
          id: number | null;
          last_error: string | null;
          parent_failed: boolean | null;
          status: string | null;
          updated_at: string | null;
          user_id: string | null;
        };
        Insert: {
          attempts?: never;
          error_code?: never;
          has_input?: never;
          id?: number | null;
          last_error?: string | null;
          parent_failed?: never;
          status?: never;
          updated_at?: string | null;
          user_id?: string | null;
        };
        Update: {
          attempts?: never;
          error_code?: never;
          has_input?: never;
          id?: number | null;
          last_error?: string | null;
          parent_failed?: never;
          status?: never;
          updated_at?: string | null;
          user_id?: string | null;
        };
        Relationships: [];
      };
      user_activity: {
        Row: {
          attempts: number | null;
          last_at: string | null;
          recordings: number | null;
          remarks: number | null;
          renders: number | null;
          user_id: string | null;
        };
        Relationships: [];
      };
      violations: {
        Row: {
          detail: string | null;
          id: number | null;
          rule: string | null;
          stage: string | null;
        };
        Relationships: [];
      };
    };
    Functions: {
      add_partitions: {
        Args: { setting: Database["pipeline"]["Tables"]["retention"]["Row"] };
        Returns: undefined;
      };
      after_failure: {
        Args: {
          at: string;
          lease_token: string;
          limits: Database["pipeline"]["Tables"]["provider_limits"]["Row"];
          user_id: string;
        };
        Returns: {
          burst: number;
          failing_users: string[];
          failure_threshold: number;
          longest_open_seconds: number;
          longest_pause_seconds: number;
          model: string;
          not_before: string | null;
          open_seconds: number;
          open_until: string | null;
          probe_token: string | null;
          probe_until: string | null;
          probe_user: string | null;
          probes: number;
          provider: string;
          refilled_at: string;
          refused_users: string[];
          requests_per_minute: number | null;
          tokens: number;
          updated_at: string;
        };
        SetofOptions: {
          from: "*";
          to: "provider_limits";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      analyse_replaced: { Args: { recording_ids: number[] }; Returns: number };
      announce_feedback: { Args: Record<PropertyKey, never>; Returns: number };
      ask_erasure: {
        Args: {
          buckets: string[];
          paths: string[];
          reason: string;
          user_id?: string;
        };
        Returns: number;
      };
      backoff: {
        Args: {
          settings: Database["pipeline"]["Tables"]["stages"]["Row"];
          times: number;
        };
        Returns: number;
      };
      begin_again: {
        Args: {
          before: string;
          error_code: string;
          id: number;
          message: string;
          stage: string;
          user_id: string;
        };
        Returns: undefined;
      };
      brief_diff: { Args: { after: Json; before: Json }; Returns: Json };
      brief_fault: { Args: { ir: Json }; Returns: string };
      brief_is_ready: { Args: { ir: Json }; Returns: boolean };
      brief_parts: {
        Args: { ir: Json };
        Returns: {
          part: Json;
          path: string;
        }[];
      };
      call_function: { Args: { function_name: string }; Returns: string };
      check_answers: {
        Args: {
          ir: Json;
          session: Database["public"]["Tables"]["sessions"]["Row"];
        };
        Returns: undefined;
      };
      check_backlog: {
        Args: { stage: string; user_ids: string[] };
        Returns: undefined;
      };
      check_operator: { Args: Record<PropertyKey, never>; Returns: undefined };
      check_pieces: {
        Args: { done: number[]; results: Json };
        Returns: undefined;
      };
      check_placing: {
        Args: {
          element: Database["public"]["Tables"]["render_elements"]["Row"];
          options: Json;
        };
        Returns: undefined;
      };
      check_rate_limit: {
        Args: { at_most: number; period: string; subject: string };
        Returns: boolean;
      };
      check_results: {
        Args: {
          results: Json;
          rules: Database["pipeline"]["CompositeTypes"]["rule"][];
        };
        Returns: Record<string, unknown>;
      };
      check_source: {
        Args: {
          element: Database["public"]["Tables"]["render_elements"]["Row"];
          user_id: string;
        };
        Returns: undefined;
      };
      claim_analysis: {
        Args: {
          batch_size?: number;
          busy?: boolean;
          lease_seconds?: number;
          model?: string;
        };
        Returns: {
          alone: boolean;
          attempt: number;
          brief: Json;
          coach: Json;
          correlation_id: string;
          duration_seconds: number;
          file_size: number;
          id: number;
          language: string;
          lease_expires_at: string;
          lease_token: string;
          mime_type: string;
          original_filename: string;
          progress: Json;
          storage_path: string;
          user_id: string;
          video_recording_id: number;
        }[];
      };
      claim_audio: {
        Args: {
          batch_size?: number;
          busy?: boolean;
          lease_seconds?: number;
          model?: string;
        };
        Returns: {
          alone: boolean;
          analysis_job_id: number;
          attempt: number;
          coach: Json;
          correlation_id: string;
          id: number;
          language: string;
          lease_expires_at: string;
          lease_token: string;
          segments: Json;
          user_id: string;
        }[];
      };
      claim_budget: {
        Args: {
          at: string;
          batch_size: number;
          lease_seconds: number;
          model: string;
          stage: string;
        };
        Returns: Record<string, unknown>;
      };
      claim_draft: {
        Args: {
          batch_size?: number;
          busy?: boolean;
          lease_seconds?: number;
          model?: string;
        };
        Returns: {
          alone: boolean;
          attempt: number;
          correlation_id: string;
          id: number;
          ir: Json;
          lease_expires_at: string;
          lease_token: string;
          request: string;
          session_id: number;
          user_id: string;
        }[];
      };
      claim_erase: {
        Args: {
          batch_size?: number;
          busy?: boolean;
          lease_seconds?: number;
          model?: string;
        };
        Returns: {
          alone: boolean;
          attempt: number;
          bucket: string;
          id: number;
          lease_expires_at: string;
          lease_token: string;
          path: string;
          user_id: string;
        }[];
      };
      claim_notify: {
        Args: {
          batch_size?: number;
          busy?: boolean;
          lease_seconds?: number;
          model?: string;
        };
        Returns: {
          address: string;
          alone: boolean;
          attempt: number;
          body: string;
          contact_type: string;
          correlation_id: string;
          created_at: string;
          id: number;
          lease_expires_at: string;
          lease_token: string;
          payload: Json;
          signing_secret: string;
          subject: string;
          topic: string;
          user_id: string;
        }[];
      };
      claim_render: {
        Args: {
          batch_size?: number;
          busy?: boolean;
          lease_seconds?: number;
          model?: string;
        };
        Returns: {
          alone: boolean;
          attempt: number;
          coaching: Json;
          correlation_id: string;
          elements: Json;
          format: string;
          fps: number;
          height: number;
          id: number;
          lease_expires_at: string;
          lease_token: string;
          options: Json;
          user_id: string;
          width: number;
        }[];
      };
      claim_ssml: {
        Args: {
          batch_size?: number;
          busy?: boolean;
          lease_seconds?: number;
          model?: string;
        };
        Returns: {
          alone: boolean;
          analysis_job_id: number;
          attempt: number;
          coach: Json;
          correlation_id: string;
          drill: string;
          id: number;
          language: string;
          lease_expires_at: string;
          lease_token: string;
          message: string;
          refused: string;
          user_id: string;
        }[];
      };
      coach_for: { Args: { language: string; user_id: string }; Returns: Json };
      coached_options: { Args: { options: Json }; Returns: Json };
      complete_analysis: {
        Args: { results: Json };
        Returns: {
          id: number;
          outcome: string;
        }[];
      };
      complete_audio: {
        Args: { results: Json };
        Returns: {
          id: number;
          outcome: string;
        }[];
      };
      complete_draft: {
        Args: { results: Json };
        Returns: {
          id: number;
          outcome: string;
        }[];
      };
      complete_erase: {
        Args: { results: Json };
        Returns: {
          id: number;
          outcome: string;
        }[];
      };
      complete_notify: {
        Args: { results: Json };
        Returns: {
          id: number;
          outcome: string;
        }[];
      };
      complete_render: {
        Args: { results: Json };
        Returns: {
          id: number;
          outcome: string;
        }[];
      };
      complete_ssml: {
        Args: { results: Json };
        Returns: {
          id: number;
          outcome: string;
        }[];
      };
      composition_of: {
        Args: { options: Json; render_job_id: number };
        Returns: Record<string, unknown>;
      };
      cost_of: {
        Args: {
          call: Database["pipeline"]["Tables"]["provider_calls"]["Row"];
          price: Database["pipeline"]["Tables"]["provider_prices"]["Row"];
        };
        Returns: number;
      };
      count_leases: {
        Args: {
          at: string;
          one: boolean;
          per_stage: number;
          per_user: number;
          stage: string;
        };
        Returns: Record<string, unknown>;
      };
      count_retry: { Args: { id: number; stage: string }; Returns: undefined };
      deadly: {
        Args: {
          at: string;
          ended: Database["pipeline"]["Tables"]["tasks"]["Row"][];
        };
        Returns: {
          attempts: number;
          available_at: string;
          claimed_at: string | null;
          deferrals: number;
          deferred_seconds: number;
          lease_number: number;
          lease_token: string | null;
          losses: number;
          parked: boolean;
          progress: Json | null;
          queued_at: string | null;
          refused: string | null;
          rounds: number;
          stage: string;
          subject_id: number;
          turn: number | null;
          user_id: string;
        }[];
        SetofOptions: {
          from: "*";
          to: "tasks";
          isOneToOne: false;
          isSetofReturn: true;
        };
      };
      defer: {
        Args: {
          error_code: string;
          id: number;
          lease_token: string;
          message: string;
          progress?: Json;
          retry_after_seconds?: number;
          stage: string;
          within_seconds?: number;
        };
        Returns: string;
      };
      delete_old_rows: {
        Args: { setting: Database["pipeline"]["Tables"]["retention"]["Row"] };
        Returns: number;
      };
      dispatch: {
        Args: Record<PropertyKey, never>;
        Returns: {
          called: boolean;
          ready: number;
          stage: string;
        }[];
      };
      drop_old_answers: { Args: Record<PropertyKey, never>; Returns: undefined };
      drop_oldest_partition: {
        Args: { setting: Database["pipeline"]["Tables"]["retention"]["Row"] };
        Returns: number;
      };
      empty_brief: { Args: Record<PropertyKey, never>; Returns: Json };
      end_attempts: {
        Args: {
          at: string;
          error_code: string;
          outcome: string;
          tasks: Database["pipeline"]["Tables"]["tasks"]["Row"][];
        };
        Returns: undefined;
      };
      enforce_data_retention: {
        Args: Record<PropertyKey, never>;
        Returns: {
          name: string;
          removed: number;
        }[];
      };
      enqueue: {
        Args: {
          ids: number[];
          refused?: string;
          rounds?: number[];
          stage: string;
          user_ids: string[];
        };
        Returns: number;
      };
      enqueue_analysis: {
        Args: { recording_ids: number[] };
        Returns: undefined;
      };
      entries_read: { Args: Record<PropertyKey, never>; Returns: number };
      erase_folders: { Args: { user_ids: string[] }; Returns: undefined };
      evaluate_alerts: {
        Args: Record<PropertyKey, never>;
        Returns: {
          labels: Json;
          rule: string;
          told: string;
        }[];
      };
      extend: {
        Args: {
          id: number;
          lease_seconds?: number;
          lease_token: string;
          progress?: Json;
          stage: string;
        };
        Returns: string;
      };
      fail: {
        Args: {
          asked?: boolean;
          error_code: string;
          id: number;
          lease_token: string;
          message: string;
          retryable: boolean;
          stage: string;
        };
        Returns: string;
      };
      failure_rates_since: {
        Args: { since: string };
        Returns: {
          completed: number;
          deferred: number;
          failed: number;
          failed_share: number;
          lost: number;
          most_failed_by: string;
          refused: number;
          retried: number;
          stage: string;
        }[];
      };
      feedback_to_announce: {
        Args: Record<PropertyKey, never>;
        Returns: {
          analysis_job_id: number;
          filename: string;
          language: string;
          remarks: number;
          user_id: string;
          video_recording_id: number;
        }[];
      };
      filtered_failures: {
        Args: {
          error_code: string;
          owner: string;
          said: string;
          since: string;
          stage: string;
          until: string;
        };
        Returns: {
          error_code: string;
          failed_at: string;
          stage: string;
          subject_id: number;
          user_id: string;
        }[];
        SetofOptions: {
          from: "*";
          to: "failures";
          isOneToOne: false;
          isSetofReturn: true;
        };
      };
      final_outcome: {
        Args: {
          attempt: Database["public"]["Tables"]["processing_timeline"]["Row"];
        };
        Returns: string;
      };
      find_answer: {
        Args: { request_hash: string; stage: string; subject_id: number };
        Returns: Json;
      };
      find_forgotten_objects: { Args: { at_most?: number }; Returns: number };
      finish: {
        Args: {
          at: string;
          busy: number[];
          ids: number[];
          lease_tokens: string[];
          results: Json;
          stage: string;
        };
        Returns: Record<string, unknown>;
      };
      fits_hole: { Args: { hole: Json; value: Json }; Returns: boolean };
      follow_uploads: {
        Args: {
          after: string[];
          before: string[];
          ids: number[];
          user_ids: string[];
        };
        Returns: undefined;
      };
      forget_answers: {
        Args: { ids: number[]; refused?: string; stages: string[] };
        Returns: undefined;
      };
      give_back_probe: { Args: { lease_tokens: string[] }; Returns: undefined };
      give_back_usage: {
        Args: { stage: string; user_id: string };
        Returns: undefined;
      };
      hand_in: {
        Args: {
          parents: unknown;
          results: Json;
          rules: Database["pipeline"]["CompositeTypes"]["rule"][];
          stage: string;
        };
        Returns: Database["pipeline"]["CompositeTypes"]["handed_in"];
        SetofOptions: {
          from: "*";
          to: "handed_in";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      held_task: {
        Args: { id: number; lease_token: string; stage: string };
        Returns: {
          attempts: number;
          available_at: string;
          claimed_at: string | null;
          deferrals: number;
          deferred_seconds: number;
          lease_number: number;
          lease_token: string | null;
          losses: number;
          parked: boolean;
          progress: Json | null;
          queued_at: string | null;
          refused: string | null;
          rounds: number;
          stage: string;
          subject_id: number;
          turn: number | null;
          user_id: string;
        };
        SetofOptions: {
          from: "*";
          to: "tasks";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      hold: {
        Args: { ids: number[]; parents?: unknown; stage: string };
        Returns: number[];
      };
      hold_feedback: { Args: { ids: number[] }; Returns: number[] };
      hole_fault: { Args: { hole: Json }; Returns: string };
      insert_coached_elements: {
        Args: {
          analysis: Database["public"]["Tables"]["analysis_jobs"]["Row"];
          recording: Database["public"]["Tables"]["video_recordings"]["Row"];
          render_job_id: number;
        };
        Returns: undefined;
      };
      insert_render: {
        Args: { job: Database["public"]["Tables"]["render_jobs"]["Row"] };
        Returns: number;
      };
      install_schedule: { Args: Record<PropertyKey, never>; Returns: string };
      is_held:
        | { Args: { relation: unknown }; Returns: boolean }
        | {
            Args: {
              at: string;
              settings: Database["pipeline"]["Tables"]["stages"]["Row"];
            };
            Returns: boolean;
          };
      is_operators: { Args: { user_id: string }; Returns: boolean };
      is_own_address: {
        Args: { address: string; user_id: string };
        Returns: boolean;
      };
      items: {
        Args: Record<PropertyKey, never>;
        Returns: {
          attempts: number;
          error_code: string;
          has_input: boolean;
          id: number;
          parent_failed: boolean;
          stage: string;
          status: string;
          user_id: string;
        }[];
      };
      keep_objects: {
        Args: { awaited: boolean[]; buckets: string[]; paths: string[] };
        Returns: undefined;
      };
      last_turn: {
        Args: { served: number; stage: string; user_id: string };
        Returns: number;
      };
      latest_metrics: {
        Args: { at?: string };
        Returns: {
          labels: Json;
          name: string;
          sampled_at: string;
          value: number;
        }[];
      };
      lease: {
        Args: {
          claim: Database["pipeline"]["CompositeTypes"]["claim"];
          ids: number[];
        };
        Returns: {
          alone: boolean;
          attempt: number;
          lease_token: string;
          progress: Json;
          refused: string;
          rounds: number;
          subject_id: number;
        }[];
      };
      leases_from: { Args: { stage: string }; Returns: number };
      leave_silent: {
        Args: {
          done: number[];
          results: Json;
          rounds: number[];
          user_ids: string[];
        };
        Returns: Record<string, unknown>;
      };
      live_leases: {
        Args: { at: string; stage: string };
        Returns: {
          items: number;
          oldest: number;
          user_id: string;
        }[];
      };
      lock_failed: { Args: { ids: number[]; stage: string }; Returns: number[] };
      lock_limits: {
        Args: { model: string; provider: string };
        Returns: string;
      };
      lock_of: { Args: { bucket: string; path: string }; Returns: number };
      lock_session: {
        Args: { base_revision: number; session_id: number; user_id: string };
        Returns: Database["public"]["Tables"]["sessions"]["Row"];
        SetofOptions: {
          from: "*";
          to: "sessions";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      log_refused_calls: {
        Args: { calls: number; code: string; function_name: string };
        Returns: undefined;
      };
      log_security_event: {
        Args: { action: string; details?: Json; subject?: string };
        Returns: undefined;
      };
      log_storage_operations: { Args: { operations: Json }; Returns: number };
      look: {
        Args: {
          at: string;
          avoid: string;
          from_turn: number;
          items: number;
          per_user: number;
          stage: string;
          within_caps: boolean;
        };
        Returns: Record<string, unknown>;
      };
      lower_watermark: {
        Args: { entries: number; stage: string; turn: number };
        Returns: undefined;
      };
      move_watermark: { Args: { at: string; stage: string }; Returns: boolean };
      named: {
        Args: { buckets: string[]; paths: string[] };
        Returns: boolean[];
      };
      newest_failures: {
        Args: {
          error_code: string;
          owners: string[];
          since: string;
          stage: string;
          until: string;
        };
        Returns: {
          error_code: string;
          failed_at: string;
          stage: string;
          subject_id: number;
          user_id: string;
        }[];
        SetofOptions: {
          from: "*";
          to: "failures";
          isOneToOne: false;
          isSetofReturn: true;
        };
      };
      note_answer: {
        Args: {
          delay: number;
          error_code: string;
          lease_token: string;
          stage: string;
          user_id: string;
        };
        Returns: undefined;
      };
      note_draft: {
        Args: { findings: Json; id: number; lease_token: string };
        Returns: undefined;
      };
      now: { Args: Record<PropertyKey, never>; Returns: string };
      open_render_link: {
        Args: {
          agent?: string;
          country?: string;
          counts?: boolean;
          token: string;
        };
        Returns: {
          bytes: number;
          format: string;
          path: string;
        }[];
      };
      outcomes: {
        Args: { busy: number[]; done: number[]; ids: number[] };
        Returns: {
          id: number;
          outcome: string;
        }[];
      };
      own_render: {
        Args: { render_job_id: number };
        Returns: Database["public"]["Tables"]["render_jobs"]["Row"];
        SetofOptions: {
          from: "*";
          to: "render_jobs";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      owner_of: { Args: { path: string }; Returns: string };
      park: {
        Args: {
          at: string;
          quota: number;
          room: number;
          stage: string;
          user_id: string;
        };
        Returns: boolean;
      };
      per_minute: {
        Args: { at: string; ended_at: string[]; minutes: number };
        Returns: number[];
      };
      pick: {
        Args: {
          batch_size: number;
          busy: boolean;
          lease_seconds: number;
          model: string;
          stage: string;
        };
        Returns: Database["pipeline"]["CompositeTypes"]["claim"];
        SetofOptions: {
          from: "*";
          to: "claim";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      pick_anywhere: {
        Args: {
          at: string;
          at_most: number;
          avoid: string;
          per_user: number;
          stage: string;
        };
        Returns: number[];
      };
      pick_within_caps: {
        Args: {
          at: string;
          at_most: number;
          avoid: string;
          from_turn: number;
          per_user: number;
          stage: string;
        };
        Returns: number[];
      };
      post_message: {
        Args: {
          body: string;
          message_key: string;
          payload: Json;
          priority: string;
          subject: string;
          topic: string;
          user_id?: string;
        };
        Returns: number;
      };
      price_of: {
        Args: { at: string; model: string; provider: string };
        Returns: {
          currency: string;
          million_characters: number | null;
          million_input_tokens: number | null;
          million_output_tokens: number | null;
          model: string;
          provider: string;
          valid_from: string;
        };
        SetofOptions: {
          from: "*";
          to: "provider_prices";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      provider_room: {
        Args: {
          at: string;
          limits: Database["pipeline"]["Tables"]["provider_limits"]["Row"];
        };
        Returns: number;
      };
      put_back: {
        Args: {
          delay: number;
          error_code: string;
          last_error: string;
          task: Database["pipeline"]["Tables"]["tasks"]["Row"];
        };
        Returns: string;
      };
      put_off_awaited: {
        Args: {
          ids: number[];
          settings: Database["pipeline"]["Tables"]["stages"]["Row"];
        };
        Returns: undefined;
      };
      queue_due: { Args: { stage: string }; Returns: undefined };
      queue_now: {
        Args: { at: string };
        Returns: {
          delayed: number;
          expired: number;
          in_flight: number;
          oldest_ready_seconds: number;
          ready: number;
          stage: string;
        }[];
      };
      readable_minutes: { Args: { at: string }; Returns: number };
      ready_items: {
        Args: {
          at: string;
          settings: Database["pipeline"]["Tables"]["stages"]["Row"];
        };
        Returns: Record<string, unknown>;
      };
      recognise_replacements: {
        Args: Record<PropertyKey, never>;
        Returns: number;
      };
      recognise_uploads: { Args: Record<PropertyKey, never>; Returns: number };
      record_call: { Args: { call: Json }; Returns: undefined };
      refilled_tokens: {
        Args: {
          at: string;
          limits: Database["pipeline"]["Tables"]["provider_limits"]["Row"];
        };
        Returns: number;
      };
      refuse_unless: {
        Args: { code: string; holds: boolean; says: string };
        Returns: undefined;
      };
      release: {
        Args: { id: number; lease_token: string; stage: string };
        Returns: string;
      };
      report_render_progress: {
        Args: {
          details?: Json;
          error_code?: string;
          id: number;
          lease_token: string;
          path?: string;
          percent: number;
          state?: string;
          step?: string;
        };
        Returns: string;
      };
      requeue: { Args: { id: number; stage: string }; Returns: string };
      requeue_analysis: { Args: { analysis_job_id: number }; Returns: string };
      requeue_feedback: {
        Args: { feedback_id: number; stage: string };
        Returns: string;
      };
      retry_erasures: { Args: Record<PropertyKey, never>; Returns: number };
      rule_usage_since: {
        Args: { since: string };
        Returns: {
          remarks: number;
          rule: string;
          value: string;
        }[];
      };
      sample_cron: { Args: { at: string }; Returns: undefined };
      sample_metrics: { Args: Record<PropertyKey, never>; Returns: undefined };
      sample_outcomes: { Args: { at: string }; Returns: undefined };
      sample_providers: { Args: { at: string }; Returns: undefined };
      sample_queue: { Args: { at: string }; Returns: undefined };
      sample_sizes: { Args: { at: string }; Returns: undefined };
      sample_slow_metrics: {
        Args: Record<PropertyKey, never>;
        Returns: undefined;
      };
      sample_spend: { Args: { at: string }; Returns: undefined };
      sample_whole_tables: { Args: { at: string }; Returns: undefined };
      schedule_erasures: { Args: Record<PropertyKey, never>; Returns: string };
      schedule_retention: { Args: Record<PropertyKey, never>; Returns: string };
      schedule_watch: { Args: Record<PropertyKey, never>; Returns: string };
      send_back: {
        Args: {
          error_code: string;
          id: number;
          lease_token: string;
          message: string;
          stage: string;
        };
        Returns: string;
      };
      served_turn: { Args: { stage: string }; Returns: number };
      set_apart: {
        Args: {
          attempts: number[];
          busy: boolean;
          ids: number[];
          kept: number[];
          losses: number[];
          owners: string[];
          suspects: string[];
        };
        Returns: Record<string, unknown>;
      };
      set_stage_enabled: {
        Args: { enabled: boolean; stage: string };
        Returns: undefined;
      };
      settle_erasures: {
        Args: { at: string; ids: number[] };
        Returns: number[];
      };
      settle_restored: {
        Args: Record<PropertyKey, never>;
        Returns: {
          name: string;
          removed: number;
        }[];
      };
      show: {
        Args: {
          at: string;
          attempts: number[];
          error_code: string;
          ids: number[];
          last_error: string;
          stage: string;
          status: string;
        };
        Returns: number[];
      };
      spend: {
        Args: {
          claim: Database["pipeline"]["CompositeTypes"]["claim"];
          ids: number[];
        };
        Returns: undefined;
      };
      spent_on_day: {
        Args: { at: string; stage: string; user_id: string };
        Returns: number;
      };
      spoken_language: { Args: { tag: string }; Returns: string };
      stage_latency_since: {
        Args: { since: string };
        Returns: {
          attempts: number;
          stage: string;
          step: string;
          waiting_p50: number;
          waiting_p95: number;
          waiting_p99: number;
          working_p50: number;
          working_p95: number;
          working_p99: number;
        }[];
      };
      submit_render: {
        Args: { render_job_id: number; user_id: string };
        Returns: undefined;
      };
      suspect: {
        Args: { at: string; owners: string[]; stage: string };
        Returns: undefined;
      };
      suspend_analysis: {
        Args: { recording_ids: number[] };
        Returns: undefined;
      };
      sweep: {
        Args: Record<PropertyKey, never>;
        Returns: {
          stage: string;
          swept: number;
        }[];
      };
      sweep_stage: { Args: { stage: string }; Returns: number };
      take_lane: { Args: { lanes: number; stage: string }; Returns: boolean };
      take_out: {
        Args: { ids: number[]; stages: string[] };
        Returns: undefined;
      };
      tell_alert: {
        Args: {
          alert: Database["pipeline"]["Tables"]["alerts"]["Row"];
          rule: Database["pipeline"]["Tables"]["alert_rules"]["Row"];
        };
        Returns: number;
      };
      tell_step: {
        Args: {
          details: Json;
          error_code: string;
          job: Database["public"]["Tables"]["render_jobs"]["Row"];
          state: string;
          step: string;
        };
        Returns: undefined;
      };
      tidy_erasures: { Args: Record<PropertyKey, never>; Returns: number };
      update_alerts: { Args: { at: string }; Returns: undefined };
      use_model: { Args: { model: string; stage: string }; Returns: undefined };
      user_activity_since: {
        Args: { since: string };
        Returns: {
          attempts: number;
          last_at: string;
          recordings: number;
          remarks: number;
          renders: number;
          user_id: string;
        }[];
      };
      user_buckets: { Args: Record<PropertyKey, never>; Returns: string[] };
      users_named: { Args: { id_or_email: string }; Returns: string[] };
      verdict_of: { Args: { error_code: string }; Returns: string };
      wake: {
        Args: {
          at: string;
          settings: Database["pipeline"]["Tables"]["stages"]["Row"];
        };
        Returns: boolean;
      };
      watch: {
        Args: { seconds?: number };
        Returns: {
          called: boolean;
          ready: number;
          stage: string;
        }[];
      };
      watch_health: { Args: Record<PropertyKey, never>; Returns: undefined };
      watch_scheduler: { Args: Record<PropertyKey, never>; Returns: boolean };
      within_quota: {
        Args: { at: string; ids: number[]; stage: string };
        Returns: number[];
      };
      write_analysis: { Args: { at: string; result: Json }; Returns: undefined };
      write_draft: {
        Args: { at: string; draft_id: number; result: Json };
        Returns: undefined;
      };
    };
    Enums: {
      [_ in never]: never;
    };
    CompositeTypes: {
      claim: {
        stage: string | null;
        at: string | null;
        ids: number[] | null;
        attempts: number[] | null;
        lease_ends_at: string | null;
        metered_model: string | null;
        counted: boolean | null;
        apart: boolean | null;
      };
      handed_in: {
        at: string | null;
        ids: number[] | null;
        busy: number[] | null;
        done: number[] | null;
        user_ids: string[] | null;
        rounds: number[] | null;
      };
      rule: {
        says: string | null;
        broken: unknown;
      };
    };
  };
  public: {
    Tables: {
      analysis_audio_segments: {
        Row: {
          audio_url: string;
          captions_url: string | null;
          created_at: string;
          duration_ms: number;
          feedback_id: number;
          format: string;
          id: number;
          provider: string;
          segment_index: number;
          version: string | null;
        };
        Insert: {
          audio_url: string;
          captions_url?: string | null;
          created_at?: string;
          duration_ms: number;
          feedback_id: number;
          format: string;
          id?: never;
          provider: string;
          segment_index?: number;
          version?: string | null;
        };
        Update: {
          audio_url?: string;
          captions_url?: string | null;
          created_at?: string;
          duration_ms?: number;
          feedback_id?: number;
          format?: string;
          id?: never;
          provider?: string;
          segment_index?: number;
          version?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "analysis_audio_segments_feedback_id_fkey";
            columns: ["feedback_id"];
            isOneToOne: false;
            referencedRelation: "analysis_feedback";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "analysis_audio_segments_ssml_segment_fkey";
            columns: ["feedback_id", "segment_index"];
            isOneToOne: true;
            referencedRelation: "analysis_ssml_segments";
            referencedColumns: ["feedback_id", "segment_index"];
          },
        ];
      };
      analysis_feedback: {
        Row: {
          analysis_job_id: number;
          audio_attempts: number;
          audio_error_code: string | null;
          audio_last_error: string | null;
          audio_status: string;
          audio_updated_at: string;
          category: string;
          confidence: number;
          created_at: string;
          drill: string | null;
          end_seconds: number;
          id: number;
          message: string;
          rule_id: string | null;
          severity: string;
          ssml_attempts: number;
          ssml_error_code: string | null;
          ssml_last_error: string | null;
          ssml_status: string;
          ssml_updated_at: string;
          start_seconds: number;
          user_id: string;
        };
        Insert: {
          analysis_job_id: number;
          audio_attempts?: number;
          audio_error_code?: string | null;
          audio_last_error?: string | null;
          audio_status?: string;
          audio_updated_at?: string;
          category: string;
          confidence: number;
          created_at?: string;
          drill?: string | null;
          end_seconds: number;
          id?: never;
          message: string;
          rule_id?: string | null;
          severity: string;
          ssml_attempts?: number;
          ssml_error_code?: string | null;
          ssml_last_error?: string | null;
          ssml_status?: string;
          ssml_updated_at?: string;
          start_seconds: number;
          user_id: string;
        };
        Update: {
          analysis_job_id?: number;
          audio_attempts?: number;
          audio_error_code?: string | null;
          audio_last_error?: string | null;
          audio_status?: string;
          audio_updated_at?: string;
          category?: string;
          confidence?: number;
          created_at?: string;
          drill?: string | null;
          end_seconds?: number;
          id?: never;
          message?: string;
          rule_id?: string | null;
          severity?: string;
          ssml_attempts?: number;
          ssml_error_code?: string | null;
          ssml_last_error?: string | null;
          ssml_status?: string;
          ssml_updated_at?: string;
          start_seconds?: number;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "analysis_feedback_analysis_job_id_fkey";
            columns: ["analysis_job_id"];
            isOneToOne: false;
            referencedRelation: "analysis_jobs";
            referencedColumns: ["id"];
          },
        ];
      };
      analysis_jobs: {
        Row: {
          attempts: number;
          brief: Json | null;
          coach: NonNullable<Json>;
          confidence: number | null;
          correlation_id: string;
          created_at: string;
          error_code: string | null;
          id: number;
          language: string | null;
          last_error: string | null;
          model: string | null;
          note: string | null;
          prompt_version: string | null;
          session_id: number | null;
          session_revision: number | null;
          status: string;
          summary: string | null;
          title: string | null;
          updated_at: string;
          user_id: string;
          video_recording_id: number;
          video_version: string | null;
        };
        Insert: {
          attempts?: number;
          brief?: Json | null;
          coach: NonNullable<Json>;
          confidence?: number | null;
          correlation_id?: string;
          created_at?: string;
          error_code?: string | null;
          id?: never;
          language?: string | null;
          last_error?: string | null;
          model?: string | null;
          note?: string | null;
          prompt_version?: string | null;
          session_id?: number | null;
          session_revision?: number | null;
          status?: string;
          summary?: string | null;
          title?: string | null;
          updated_at?: string;
          user_id: string;
          video_recording_id: number;
          video_version?: string | null;
        };
        Update: {
          attempts?: number;
          brief?: Json | null;
          coach?: NonNullable<Json>;
          confidence?: number | null;
          correlation_id?: string;
          created_at?: string;
          error_code?: string | null;
          id?: never;
          language?: string | null;
          last_error?: string | null;
          model?: string | null;
          note?: string | null;
          prompt_version?: string | null;
          session_id?: number | null;
          session_revision?: number | null;
          status?: string;
          summary?: string | null;
          title?: string | null;
          updated_at?: string;
          user_id?: string;
          video_recording_id?: number;
          video_version?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "analysis_jobs_video_recording_id_fkey";
            columns: ["video_recording_id"];
            isOneToOne: true;
            referencedRelation: "video_recordings";
            referencedColumns: ["id"];
          },
        ];
      };
      analysis_metrics: {
        Row: {
          analysis_job_id: number;
          created_at: string;
          id: number;
          metric_key: string;
          metric_value: number;
          unit: string | null;
        };
        Insert: {
          analysis_job_id: number;
          created_at?: string;
          id?: never;
          metric_key: string;
          metric_value: number;
          unit?: string | null;
        };
        Update: {
          analysis_job_id?: number;
          created_at?: string;
          id?: never;
          metric_key?: string;
          metric_value?: number;
          unit?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "analysis_metrics_analysis_job_id_fkey";
            columns: ["analysis_job_id"];
            isOneToOne: false;
            referencedRelation: "analysis_jobs";
            referencedColumns: ["id"];
          },
        ];
      };
      analysis_ssml_segments: {
        Row: {
          created_at: string;
          feedback_id: number;
          id: number;
          provider: string;
          segment_index: number;
          ssml: string;
          version: string | null;
        };
        Insert: {
          created_at?: string;
          feedback_id: number;
          id?: never;
          provider?: string;
          segment_index?: number;
          ssml: string;
          version?: string | null;
        };
        Update: {
          created_at?: string;
          feedback_id?: number;
          id?: never;
          provider?: string;
          segment_index?: number;
          ssml?: string;
          version?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "analysis_ssml_segments_feedback_id_fkey";
            columns: ["feedback_id"];
            isOneToOne: false;
            referencedRelation: "analysis_feedback";
            referencedColumns: ["id"];
          },
        ];
      };
      coach_voices: {
        Row: {
          description: string;
          id: number;
          is_default: boolean;
          language_code: string;
          name: string;
          pitch: number;
          speaking_rate: number;
          style: string;
          voice_name: string;
        };
        Insert: {
          description: string;
          id?: never;
          is_default?: boolean;
          language_code: string;
          name: string;
          pitch?: number;
          speaking_rate?: number;
          style: string;
          voice_name: string;
        };
        Update: {
          description?: string;
          id?: never;
          is_default?: boolean;
          language_code?: string;
          name?: string;
          pitch?: number;
          speaking_rate?: number;
          style?: string;
          voice_name?: string;
        };
        Relationships: [];
      };
      contacts: {
        Row: {
          address: string;
          contact_type: string;
          created_at: string;
          enabled: boolean;
          id: number;
          signing_secret: string;
          topics: string[];
          user_id: string;
        };
        Insert: {
          address: string;
          contact_type: string;
          created_at?: string;
          enabled?: boolean;
          id?: never;
          signing_secret?: string;
          topics: string[];
          user_id?: string;
        };
        Update: {
          address?: string;
          contact_type?: string;
          created_at?: string;
          enabled?: boolean;
          id?: never;
          signing_secret?: string;
          topics?: string[];
          user_id?: string;
        };
        Relationships: [];
      };
      deleted_recordings: {
        Row: {
          deleted_at: string;
          id: number;
          user_id: string;
        };
        Insert: {
          deleted_at?: string;
          id: number;
          user_id: string;
        };
        Update: {
          deleted_at?: string;
          id?: number;
          user_id?: string;
        };
        Relationships: [];
      };
      hole_resolutions: {
        Row: {
          base_revision: number;
          created_at: string;
          hole_id: string;
          id: number;
          method: string;
          note: string | null;
          question: string;
          resolved_by: string | null;
          revision: number;
          session_id: number;
          type: string;
          unit: string | null;
          user_id: string;
          value: NonNullable<Json>;
        };
        Insert: {
          base_revision: number;
          created_at?: string;
          hole_id: string;
          id?: never;
          method?: string;
          note?: string | null;
          question?: string;
          resolved_by?: string | null;
          revision?: number;
          session_id: number;
          type?: string;
          unit?: string | null;
          user_id?: string;
          value?: NonNullable<Json>;
        };
        Update: {
          base_revision?: number;
          created_at?: string;
          hole_id?: string;
          id?: never;
          method?: string;
          note?: string | null;
          question?: string;
          resolved_by?: string | null;
          revision?: number;
          session_id?: number;
          type?: string;
          unit?: string | null;
          user_id?: string;
          value?: NonNullable<Json>;
        };
        Relationships: [
          {
            foreignKeyName: "hole_resolutions_session_id_user_id_fkey";
            columns: ["session_id", "user_id"];
            isOneToOne: false;
            referencedRelation: "session_summary";
            referencedColumns: ["id", "user_id"];
          },
          {
            foreignKeyName: "hole_resolutions_session_id_user_id_fkey";
            columns: ["session_id", "user_id"];
            isOneToOne: false;
            referencedRelation: "sessions";
            referencedColumns: ["id", "user_id"];
          },
        ];
      };
      message_queue: {
        Row: {
          attempts: number;
          body: string;
          contact_id: number;
          contact_type: string;
          correlation_id: string;
          created_at: string;
          error_code: string | null;
          id: number;
          last_error: string | null;
          message_key: string;
          payload: NonNullable<Json>;
          priority: string;
          status: string;
          subject: string;
          topic: string;
          updated_at: string;
          user_id: string;
        };
        Insert: {
          attempts?: number;
          body: string;
          contact_id: number;
          contact_type: string;
          correlation_id?: string;
          created_at?: string;
          error_code?: string | null;
          id?: never;
          last_error?: string | null;
          message_key: string;
          payload?: NonNullable<Json>;
          priority?: string;
          status?: string;
          subject: string;
          topic: string;
          updated_at?: string;
          user_id: string;
        };
        Update: {
          attempts?: number;
          body?: string;
          contact_id?: number;
          contact_type?: string;
          correlation_id?: string;
          created_at?: string;
          error_code?: string | null;
          id?: never;
          last_error?: string | null;
          message_key?: string;
          payload?: NonNullable<Json>;
          priority?: string;
          status?: string;
          subject?: string;
          topic?: string;
          updated_at?: string;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "message_queue_contact_id_fkey";
            columns: ["contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["id"];
          },
        ];
      };
      processing_timeline: {
        Row: {
          attempt: number;
          details: Json | null;
          ended_at: string | null;
          error_code: string | null;
          id: number;
          outcome: string | null;
          queued_at: string | null;
          stage: string;
          started_at: string;
          step: string | null;
          subject_id: number;
          user_id: string;
        };
        Insert: {
          attempt: number;
          details?: Json | null;
          ended_at?: string | null;
          error_code?: string | null;
          id?: never;
          outcome?: string | null;
          queued_at?: string | null;
          stage: string;
          started_at: string;
          step?: string | null;
          subject_id: number;
          user_id: string;
        };
        Update: {
          attempt?: number;
          details?: Json | null;
          ended_at?: string | null;
          error_code?: string | null;
          id?: never;
          outcome?: string | null;
          queued_at?: string | null;
          stage?: string;
          started_at?: string;
          step?: string | null;
          subject_id?: number;
          user_id?: string;
        };
        Relationships: [];
      };
      render_elements: {
        Row: {
          duration_seconds: number | null;
          element_type: string;
          feedback_id: number | null;
          fit_mode: string;
          height: number | null;
          id: number;
          layer: number;
          opacity: number;
          render_job_id: number;
          source_bucket: string | null;
          source_path: string | null;
          start_seconds: number;
          style: NonNullable<Json>;
          text: string | null;
          trim_start_seconds: number;
          volume: number;
          width: number | null;
          x: number;
          y: number;
        };
        Insert: {
          duration_seconds?: number | null;
          element_type: string;
          feedback_id?: number | null;
          fit_mode?: string;
          height?: number | null;
          id?: never;
          layer?: number;
          opacity?: number;
          render_job_id: number;
          source_bucket?: string | null;
          source_path?: string | null;
          start_seconds?: number;
          style?: NonNullable<Json>;
          text?: string | null;
          trim_start_seconds?: number;
          volume?: number;
          width?: number | null;
          x?: number;
          y?: number;
        };
        Update: {
          duration_seconds?: number | null;
          element_type?: string;
          feedback_id?: number | null;
          fit_mode?: string;
          height?: number | null;
          id?: never;
          layer?: number;
          opacity?: number;
          render_job_id?: number;
          source_bucket?: string | null;
          source_path?: string | null;
          start_seconds?: number;
          style?: NonNullable<Json>;
          text?: string | null;
          trim_start_seconds?: number;
          volume?: number;
          width?: number | null;
          x?: number;
          y?: number;
        };
        Relationships: [
          {
            foreignKeyName: "render_elements_render_job_id_fkey";
            columns: ["render_job_id"];
            isOneToOne: false;
            referencedRelation: "active_renders";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "render_elements_render_job_id_fkey";
            columns: ["render_job_id"];
            isOneToOne: false;
            referencedRelation: "render_jobs";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "render_elements_render_job_id_fkey";
            columns: ["render_job_id"];
            isOneToOne: false;
            referencedRelation: "render_summary";
            referencedColumns: ["id"];
          },
        ];
      };
      render_jobs: {
        Row: {
          attempts: number;
          correlation_id: string;
          created_at: string;
          duration_seconds: number | null;
          error_code: string | null;
          format: string;
          fps: number;
          height: number;
          id: number;
          last_error: string | null;
          options: NonNullable<Json>;
          output_bytes: number | null;
          output_checksum: string | null;
          output_frames: number | null;
          output_path: string | null;
          progress_at: string | null;
          progress_percent: number;
          response_type: string;
          started_at: string | null;
          status: string;
          step: string | null;
          submitted_at: string | null;
          updated_at: string;
          user_id: string;
          video_recording_id: number | null;
          width: number;
        };
        Insert: {
          attempts?: number;
          correlation_id?: string;
          created_at?: string;
          duration_seconds?: number | null;
          error_code?: string | null;
          format: string;
          fps: number;
          height: number;
          id?: never;
          last_error?: string | null;
          options?: NonNullable<Json>;
          output_bytes?: number | null;
          output_checksum?: string | null;
          output_frames?: number | null;
          output_path?: string | null;
          progress_at?: string | null;
          progress_percent?: number;
          response_type?: string;
          started_at?: string | null;
          status?: string;
          step?: string | null;
          submitted_at?: string | null;
          updated_at?: string;
          user_id: string;
          video_recording_id?: number | null;
          width: number;
        };
        Update: {
          attempts?: number;
          correlation_id?: string;
          created_at?: string;
          duration_seconds?: number | null;
          error_code?: string | null;
          format?: string;
          fps?: number;
          height?: number;
          id?: never;
          last_error?: string | null;
          options?: NonNullable<Json>;
          output_bytes?: number | null;
          output_checksum?: string | null;
          output_frames?: number | null;
          output_path?: string | null;
          progress_at?: string | null;
          progress_percent?: number;
          response_type?: string;
          started_at?: string | null;
          status?: string;
          step?: string | null;
          submitted_at?: string | null;
          updated_at?: string;
          user_id?: string;
          video_recording_id?: number | null;
          width?: number;
        };
        Relationships: [
          {
            foreignKeyName: "render_jobs_video_recording_id_fkey";
            columns: ["video_recording_id"];
            isOneToOne: false;
            referencedRelation: "video_recordings";
            referencedColumns: ["id"];
          },
        ];
      };
      render_links: {
        Row: {
          created_at: string;
          expires_at: string;
          id: number;
          render_job_id: number;
          token_hash: string;
          user_id: string;
        };
        Insert: {
          created_at?: string;
          expires_at: string;
          id?: never;
          render_job_id: number;
          token_hash: string;
          user_id: string;
        };
        Update: {
          created_at?: string;
          expires_at?: string;
          id?: never;
          render_job_id?: number;
          token_hash?: string;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "render_links_render_job_id_fkey";
            columns: ["render_job_id"];
            isOneToOne: false;
            referencedRelation: "active_renders";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "render_links_render_job_id_fkey";
            columns: ["render_job_id"];
            isOneToOne: false;
            referencedRelation: "render_jobs";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "render_links_render_job_id_fkey";
            columns: ["render_job_id"];
            isOneToOne: false;
            referencedRelation: "render_summary";
            referencedColumns: ["id"];
          },
        ];
      };
      session_drafts: {
        Row: {
          applied_revision: number | null;
          attempts: number;
          base_revision: number;
          correlation_id: string;
          cost_micros: number;
          created_at: string;
          error_code: string | null;
          faults: string[];
          id: number;
          input_tokens: number;
          ir: Json | null;
          is_repaired: boolean;
          last_error: string | null;
          milliseconds: number;
          model: string | null;
          note: string | null;
          outcome: string | null;
          output_tokens: number;
          prompt_version: string | null;
          request: string;
          rules_ok: boolean | null;
          schema_ok: boolean | null;
          session_id: number;
          status: string;
          syntax_ok: boolean | null;
          updated_at: string;
          user_id: string;
        };
        Insert: {
          applied_revision?: number | null;
          attempts?: number;
          base_revision?: number;
          correlation_id?: string;
          cost_micros?: number;
          created_at?: string;
          error_code?: string | null;
          faults?: string[];
          id?: never;
          input_tokens?: number;
          ir?: Json | null;
          is_repaired?: boolean;
          last_error?: string | null;
          milliseconds?: number;
          model?: string | null;
          note?: string | null;
          outcome?: string | null;
          output_tokens?: number;
          prompt_version?: string | null;
          request?: string;
          rules_ok?: boolean | null;
          schema_ok?: boolean | null;
          session_id: number;
          status?: string;
          syntax_ok?: boolean | null;
          updated_at?: string;
          user_id?: string;
        };
        Update: {
          applied_revision?: number | null;
          attempts?: number;
          base_revision?: number;
          correlation_id?: string;
          cost_micros?: number;
          created_at?: string;
          error_code?: string | null;
          faults?: string[];
          id?: never;
          input_tokens?: number;
          ir?: Json | null;
          is_repaired?: boolean;
          last_error?: string | null;
          milliseconds?: number;
          model?: string | null;
          note?: string | null;
          outcome?: string | null;
          output_tokens?: number;
          prompt_version?: string | null;
          request?: string;
          rules_ok?: boolean | null;
          schema_ok?: boolean | null;
          session_id?: number;
          status?: string;
          syntax_ok?: boolean | null;
          updated_at?: string;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "session_drafts_session_id_user_id_fkey";
            columns: ["session_id", "user_id"];
            isOneToOne: false;
            referencedRelation: "session_summary";
            referencedColumns: ["id", "user_id"];
          },
          {
            foreignKeyName: "session_drafts_session_id_user_id_fkey";
            columns: ["session_id", "user_id"];
            isOneToOne: false;
            referencedRelation: "sessions";
            referencedColumns: ["id", "user_id"];
          },
        ];
      };
      session_revisions: {
        Row: {
          base_revision: number;
          cause: string;
          created_at: string;
          diff: NonNullable<Json>;
          id: number;
          ir: NonNullable<Json>;
          note: string | null;
          reverted_to: number | null;
          revision: number;
          session_id: number;
          user_id: string;
        };
        Insert: {
          base_revision: number;
          cause?: string;
          created_at?: string;
          diff?: NonNullable<Json>;
          id?: never;
          ir: NonNullable<Json>;
          note?: string | null;
          reverted_to?: number | null;
          revision?: number;
          session_id: number;
          user_id?: string;
        };
        Update: {
          base_revision?: number;
          cause?: string;
          created_at?: string;
          diff?: NonNullable<Json>;
          id?: never;
          ir?: NonNullable<Json>;
          note?: string | null;
          reverted_to?: number | null;
          revision?: number;
          session_id?: number;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "session_revisions_session_id_user_id_fkey";
            columns: ["session_id", "user_id"];
            isOneToOne: false;
            referencedRelation: "session_summary";
            referencedColumns: ["id", "user_id"];
          },
          {
            foreignKeyName: "session_revisions_session_id_user_id_fkey";
            columns: ["session_id", "user_id"];
            isOneToOne: false;
            referencedRelation: "sessions";
            referencedColumns: ["id", "user_id"];
          },
        ];
      };
      sessions: {
        Row: {
          created_at: string;
          current_ir: NonNullable<Json>;
          draft_count: number;
          hole_count: number;
          id: number;
          request: string;
          revision: number;
          revision_count: number;
          search: unknown;
          status: string;
          title: string;
          updated_at: string;
          user_id: string;
        };
        Insert: {
          created_at?: string;
          current_ir?: NonNullable<Json>;
          draft_count?: number;
          hole_count?: number;
          id?: never;
          request?: string;
          revision?: number;
          revision_count?: number;
          search?: never;
          status?: string;
          title?: string;
          updated_at?: string;
          user_id?: string;
        };
        Update: {
          created_at?: string;
          current_ir?: NonNullable<Json>;
          draft_count?: number;
          hole_count?: number;
          id?: never;
          request?: string;
          revision?: number;
          revision_count?: number;
          search?: never;
          status?: string;
          title?: string;
          updated_at?: string;
          user_id?: string;
        };
        Relationships: [];
      };
      storage_operations: {
        Row: {
          bucket: string;
          bytes: number | null;
          done_at: string;
          function_name: string;
          id: number;
          milliseconds: number;
          operation: string;
          outcome: string;
          path: string;
          user_id: string;
        };
        Insert: {
          bucket: string;
          bytes?: number | null;
          done_at?: string;
          function_name: string;
          id?: never;
          milliseconds: number;
          operation: string;
          outcome: string;
          path: string;
          user_id: string;
        };
        Update: {
          bucket?: string;
          bytes?: number | null;
          done_at?: string;
          function_name?: string;
          id?: never;
          milliseconds?: number;
          operation?: string;
          outcome?: string;
          path?: string;
          user_id?: string;
        };
        Relationships: [];
      };
      url_access_logs: {
        Row: {
          accessed_at: string;
          agent: string | null;
          country: string | null;
          id: number;
          render_link_id: number;
          user_id: string;
        };
        Insert: {
          accessed_at?: string;
          agent?: string | null;
          country?: string | null;
          id?: never;
          render_link_id: number;
          user_id: string;
        };
        Update: {
          accessed_at?: string;
          agent?: string | null;
          country?: string | null;
          id?: never;
          render_link_id?: number;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "url_access_logs_render_link_id_fkey";
            columns: ["render_link_id"];
            isOneToOne: false;
            referencedRelation: "render_links";
            referencedColumns: ["id"];
          },
        ];
      };
      video_recordings: {
        Row: {
          created_at: string;
          duration_seconds: number | null;
          error_code: string | null;
          file_size: number | null;
          filename: string;
          id: number;
          language: string;
          last_error: string | null;
          mime_type: string | null;
          original_filename: string | null;
          session_id: number | null;
          storage_path: string;
          updated_at: string;
          upload_status: string;
          user_id: string;
        };
        Insert: {
          created_at?: string;
          duration_seconds?: number | null;
          error_code?: string | null;
          file_size?: number | null;
          filename: string;
          id?: never;
          language?: string;
          last_error?: string | null;
          mime_type?: string | null;
          original_filename?: string | null;
          session_id?: number | null;
          storage_path: string;
          updated_at?: string;
          upload_status?: string;
          user_id?: string;
        };
        Update: {
          created_at?: string;
          duration_seconds?: number | null;
          error_code?: string | null;
          file_size?: number | null;
          filename?: string;
          id?: never;
          language?: string;
          last_error?: string | null;
          mime_type?: string | null;
          original_filename?: string | null;
          session_id?: number | null;
          storage_path?: string;
          updated_at?: string;
          upload_status?: string;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "video_recordings_session_id_user_id_fkey";
            columns: ["session_id", "user_id"];
            isOneToOne: false;
            referencedRelation: "session_summary";
            referencedColumns: ["id", "user_id"];
          },
          {
            foreignKeyName: "video_recordings_session_id_user_id_fkey";
            columns: ["session_id", "user_id"];
            isOneToOne: false;
            referencedRelation: "sessions";
            referencedColumns: ["id", "user_id"];
          },
        ];
      };
      voice_preferences: {
        Row: {
          coach_voice_id: number;
          created_at: string;
          updated_at: string;
          user_id: string;
        };
        Insert: {
          coach_voice_id: number;
          created_at?: string;
          updated_at?: string;
          user_id?: string;
        };
        Update: {
          coach_voice_id?: number;
          created_at?: string;
          updated_at?: string;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "voice_preferences_coach_voice_id_fkey";
            columns: ["coach_voice_id"];
            isOneToOne: false;
            referencedRelation: "coach_voices";
            referencedColumns: ["id"];
          },
        ];
      };
    };
    Views: {
      active_renders: {
        Row: {
          attempts: number | null;
          id: number | null;
          processing_health: string | null;
          progress_percent: number | null;
          silent_seconds: number | null;
          started_at: string | null;
          status: string | null;
          step: string | null;
          submitted_at: string | null;
          user_id: string | null;
          video_recording_id: number | null;
        };
        Relationships: [
          {
            foreignKeyName: "render_jobs_video_recording_id_fkey";
            columns: ["video_recording_id"];
            isOneToOne: false;
            referencedRelation: "video_recordings";
            referencedColumns: ["id"];
          },
        ];
      };
      draft_validation_stats: {
        Row: {
          applied: number | null;
          cost_micros_per_draft: number | null;
          drafts: number | null;
          failed: number | null;
          model: string | null;
          prompt_version: string | null;
          repaired_share: number | null;
          rules_share: number | null;
          schema_share: number | null;
          superseded: number | null;
          syntax_share: number | null;
        };
        Relationships: [];
      };
      recent_activity: {
        Row: {
          at: string | null;
          detail: string | null;
          id: number | null;
          kind: string | null;
          session_id: number | null;
          title: string | null;
          user_id: string | null;
        };
        Relationships: [];
      };
      render_summary: {
        Row: {
          attempts: number | null;
          created_at: string | null;
          duration_seconds: number | null;
          elapsed_seconds: number | null;
          elements: number | null;
          error_code: string | null;
          format: string | null;
          fps: number | null;
          height: number | null;
          id: number | null;
          last_error: string | null;
          mode: string | null;
          output_bytes: number | null;
          output_path: string | null;
          progress_percent: number | null;
          remarks: number | null;
          started_at: string | null;
          status: string | null;
          step: string | null;
          submitted_at: string | null;
          updated_at: string | null;
          user_id: string | null;
          video_recording_id: number | null;
          width: number | null;
        };
        Relationships: [
          {
            foreignKeyName: "render_jobs_video_recording_id_fkey";
            columns: ["video_recording_id"];
            isOneToOne: false;
            referencedRelation: "video_recordings";
            referencedColumns: ["id"];
          },
        ];
      };
      rule_usage: {
        Row: {
          analyses: number | null;
          last_remark_at: string | null;
          remarks: number | null;
          rule_id: string | null;
          session_id: number | null;
          user_id: string | null;
        };
        Relationships: [];
      };
      session_summary: {
        Row: {
          completed_drafts: number | null;
          cost_micros: number | null;
          created_at: string | null;
          draft_count: number | null;
          failed_drafts: number | null;
          hole_count: number | null;
          id: number | null;
          input_tokens: number | null;
          milliseconds: number | null;
          open_hole_count: number | null;
          output_tokens: number | null;
          revision: number | null;
          revision_count: number | null;
          rule_count: number | null;
          status: string | null;
          title: string | null;
          updated_at: string | null;
          user_id: string | null;
        };
        Relationships: [];
      };
      user_analytics: {
        Row: {
          answers: number | null;
          completed_share: number | null;
          cost_micros: number | null;
          drafts: number | null;
          last_active_at: string | null;
          milliseconds_per_draft: number | null;
          ready_sessions: number | null;
          revisions: number | null;
          sessions: number | null;
          user_id: string | null;
        };
        Relationships: [];
      };
    };
    Functions: {
      add_render_element: {
        Args: {
          duration_seconds?: number;
          element_type: string;
          fit_mode?: string;
          height?: number;
          layer?: number;
          opacity?: number;
          render_job_id: number;
          source_bucket?: string;
          source_path?: string;
          start_seconds?: number;
          style?: Json;
          text?: string;
          trim_start_seconds?: number;
          volume?: number;
          width?: number;
          x?: number;
          y?: number;
        };
        Returns: number;
      };
      calculate_render_progress: {
        Args: { render_job_id: number };
        Returns: {
          elapsed_seconds: number;
          percent: number;
          remaining_seconds: number;
          status: string;
          step: string;
        }[];
      };
      cancel_render_job: { Args: { render_job_id: number }; Returns: string };
      compose_coached_render: {
        Args: { options?: Json; recording_id: number };
        Returns: number;
      };
      create_render_job: {
        Args: {
          format: string;
          fps: number;
          height: number;
          options?: Json;
          response_type?: string;
          width: number;
        };
        Returns: number;
      };
      create_render_link: {
        Args: { render_job_id: number; valid_seconds?: number };
        Returns: {
          expires_at: string;
          id: number;
          token: string;
        }[];
      };
      delete_account: { Args: Record<PropertyKey, never>; Returns: undefined };
      delete_audio: { Args: { feedback_id: number }; Returns: string };
      edit_feedback: {
        Args: { drill?: string; feedback_id: number; message: string };
        Returns: string;
      };
      erasures_left: {
        Args: Record<PropertyKey, never>;
        Returns: {
          failed: number;
          objects: number;
          since: string;
        }[];
      };
      get_render_statistics: {
        Args: { since: string; until: string };
        Returns: {
          attempts: number;
          bytes: number;
          cancelled: number;
          completed: number;
          failed: number;
          median_render_seconds: number;
          renders: number;
          slowest_render_seconds: number;
          timed_out: number;
          under_way: number;
          video_seconds: number;
        }[];
      };
      has_account: { Args: Record<PropertyKey, never>; Returns: boolean };
      is_operator: { Args: Record<PropertyKey, never>; Returns: boolean };
      operator_attempts: {
        Args: { id: number; stage: string };
        Returns: {
          attempt: number;
          details: Json | null;
          ended_at: string | null;
          error_code: string | null;
          id: number;
          outcome: string | null;
          queued_at: string | null;
          stage: string;
          started_at: string;
          step: string | null;
          subject_id: number;
          user_id: string;
        }[];
        SetofOptions: {
          from: "*";
          to: "processing_timeline";
          isOneToOne: false;
          isSetofReturn: true;
        };
      };
      operator_check_now: { Args: Record<PropertyKey, never>; Returns: number };
      operator_checkup: {
        Args: Record<PropertyKey, never>;
        Returns: {
          checked_at: string;
          found: Json;
          violations: number;
        }[];
      };
      operator_costs: {
        Args: Record<PropertyKey, never>;
        Returns: {
          calls: number;
          cost: number;
          currency: string;
          day: string;
          is_whole: boolean;
          unpriced_calls: number;
        }[];
      };
      operator_failed_items: {
        Args: {
          at_most?: number;
          before?: string;
          before_id?: number;
          error_code: string;
          owner?: string;
          said?: string;
          since?: string;
          stage: string;
        };
        Returns: {
          attempts: number;
          failed_at: string;
          id: number;
          last_error: string;
          user_id: string;
        }[];
      };
      operator_find: {
        Args: { id: number };
        Returns: {
          error_code: string;
          item_id: number;
          recording_id: number;
          stage: string;
          status: string;
        }[];
      };
      operator_find_failures: {
        Args: { owner?: string; said?: string; since?: string; until?: string };
        Returns: {
          error_code: string;
          items: number;
          newest_at: string;
          oldest_at: string;
          stage: string;
        }[];
      };
      operator_item: {
        Args: { id: number; stage: string };
        Returns: {
          attempts: number;
          available_at: string;
          deferred_seconds: number;
          error_code: string;
          last_error: string;
          status: string;
          task: string;
          updated_at: string;
          user_id: string;
        }[];
      };
      operator_pace: {
        Args: Record<PropertyKey, never>;
        Returns: {
          attempts: number;
          completed_per_minute: number[];
          minutes: number;
          stage: string;
          troubled_per_minute: number[];
          waiting_p50_ms: number;
          waiting_p95_ms: number;
          working_p50_ms: number;
          working_p95_ms: number;
        }[];
      };
      operator_pause_stage: { Args: { stage: string }; Returns: undefined };
      operator_providers: {
        Args: Record<PropertyKey, never>;
        Returns: {
          burst: number;
          circuit: string;
          failing_owners: number;
          model: string;
          open_until: string;
          paused_until: string;
          probes: number;
          provider: string;
          refused_owners: number;
          requests_per_minute: number;
          stages: string[];
          tokens: number;
          updated_at: string;
        }[];
      };
      operator_quotas: {
        Args: Record<PropertyKey, never>;
        Returns: {
          email: string;
          is_own: boolean;
          quota: number;
          stage: string;
          used: number;
          user_id: string;
        }[];
      };
      operator_resume_stage: { Args: { stage: string }; Returns: undefined };
      operator_retry: { Args: { id: number; stage: string }; Returns: string };
      operator_retry_all: {
        Args: {
          at_most?: number;
          error_code: string;
          failed_before: string;
          owner?: string;
          said?: string;
          since?: string;
          stage: string;
        };
        Returns: {
          remaining: number;
          retried: number;
        }[];
      };
      operator_set_quota: {
        Args: { daily_attempts?: number; stage: string; user_id: string };
        Returns: undefined;
      };
      operator_stages: {
        Args: Record<PropertyKey, never>;
        Returns: {
          daily_attempts_per_user: number;
          delayed: number;
          failed: number;
          in_flight: number;
          max_concurrency: number;
          model: string;
          next_due_at: string;
          oldest_ready_at: string;
          parked: number;
          paused: boolean;
          place: number;
          provider: string;
          ready: number;
          stage: string;
          wake_outcome: string;
          woken_at: string;
        }[];
      };
      operator_user: {
        Args: { id_or_email: string };
        Returns: {
          email: string;
          is_own: boolean;
          quota: number;
          stage: string;
          used: number;
          user_id: string;
        }[];
      };
      retry_analysis: { Args: { analysis_job_id: number }; Returns: string };
      retry_draft: { Args: { draft_id: number }; Returns: string };
      retry_feedback: {
        Args: { feedback_id: number; stage: string };
        Returns: string;
      };
      retry_render: { Args: { render_job_id: number }; Returns: string };
      search_sessions: {
        Args: {
          before?: string;
          before_id?: number;
          category?: string;
          most?: number;
          status?: string;
          words?: string;
        };
        Returns: {
          created_at: string;
          current_ir: NonNullable<Json>;
          draft_count: number;
          hole_count: number;
          id: number;
          request: string;
          revision: number;
          revision_count: number;
          search: unknown;
          status: string;
          title: string;
          updated_at: string;
          user_id: string;
        }[];
        SetofOptions: {
          from: "*";
          to: "sessions";
          isOneToOne: false;
          isSetofReturn: true;
        };
      };
      start_render: { Args: { render_job_id: number }; Returns: string };
    };
    Enums: {
      [_ in never]: never;
    };
    CompositeTypes: {
      [_ in never]: never;
    };
  };
};

type DatabaseWithoutInternals = Omit<Database, "__InternalSupabase">;

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">];

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])
    : never = never,
> = DefaultSchemaTableNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals;
}
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])[TableName] extends {
      Row: infer R;
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    ? (DefaultSchema["Tables"] & DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
        Row: infer R;
      }
      ? R
      : never
    : never;

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never,
> = DefaultSchemaTableNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals;
}
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Insert: infer I;
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
        Insert: infer I;
      }
      ? I
      : never
    : never;

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never,
> = DefaultSchemaTableNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals;
}
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Update: infer U;
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
        Update: infer U;
      }
      ? U
      : never
    : never;

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never = never,
> = DefaultSchemaEnumNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals;
}
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
    ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
    : never;

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never = never,
> = PublicCompositeTypeNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals;
}
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
    ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
    : never;

export const Constants = {
  pipeline: {
    Enums: {},
  },
  public: {
    Enums: {},
  },
} as const;
